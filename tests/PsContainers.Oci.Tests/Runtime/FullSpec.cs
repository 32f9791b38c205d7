namespace PsContainers.Oci.Tests.Runtime;

/// <summary>A config.json in which every member that Linux has occurs once.</summary>
internal static class FullSpec
{
    public const string Json =
        """
        {
          "ociVersion": "1.3.0",
          "process": {
            "terminal": true,
            "consoleSize": { "height": 25, "width": 80 },
            "user": { "uid": 1, "gid": 2, "umask": 63, "additionalGids": [5, 6] },
            "args": ["sh", "-c", "true"],
            "env": ["PATH=/bin"],
            "cwd": "/",
            "capabilities": {
              "bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "inheritable": [], "permitted": ["CAP_KILL"], "ambient": ["CAP_KILL"]
            },
            "rlimits": [{ "type": "RLIMIT_NOFILE", "hard": 18446744073709551615, "soft": 1024 }],
            "noNewPrivileges": true,
            "apparmorProfile": "acme",
            "oomScoreAdj": -10,
            "scheduler": {
              "policy": "SCHED_DEADLINE", "nice": 1, "priority": 2, "flags": ["SCHED_FLAG_RECLAIM"],
              "runtime": 10, "deadline": 20, "period": 30
            },
            "selinuxLabel": "system_u:system_r:svirt_t:s0",
            "ioPriority": { "class": "IOPRIO_CLASS_BE", "priority": 4 },
            "execCPUAffinity": { "initial": "7", "final": "0-3,7" }
          },
          "root": { "path": "rootfs", "readonly": true },
          "hostname": "h",
          "domainname": "d",
          "mounts": [
            {
              "destination": "/data", "type": "none", "source": "/src", "options": ["rbind", "idmap"],
              "uidMappings": [{ "containerID": 0, "hostID": 1000, "size": 10 }],
              "gidMappings": [{ "containerID": 0, "hostID": 1000, "size": 10 }]
            },
            { "destination": "/tmp" }
          ],
          "hooks": {
            "prestart": [{ "path": "/h", "args": ["h"], "env": ["A=b"], "timeout": 30 }],
            "createRuntime": [{ "path": "/h" }], "createContainer": [{ "path": "/h" }], "startContainer": [{ "path": "/h" }],
            "poststart": [{ "path": "/h" }], "poststop": [{ "path": "/h" }]
          },
          "annotations": { "com.example.key": "value" },
          "linux": {
            "uidMappings": [{ "containerID": 0, "hostID": 1000, "size": 32000 }],
            "gidMappings": [{ "containerID": 0, "hostID": 1000, "size": 32000 }],
            "sysctl": { "net.ipv4.ip_forward": "1" },
            "cgroupsPath": "/a/b",
            "resources": {
              "devices": [{ "allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw" }],
              "memory": {
                "limit": 536870912, "reservation": 536870912, "swap": 536870912, "kernel": -1, "kernelTCP": -1,
                "swappiness": 0, "disableOOMKiller": false, "useHierarchy": false, "checkBeforeUpdate": true
              },
              "cpu": {
                "shares": 1024, "quota": 1000000, "burst": 1000000, "period": 500000, "realtimeRuntime": 950000,
                "realtimePeriod": 1000000, "cpus": "2-3", "mems": "0-7", "idle": 0
              },
              "pids": { "limit": 32771 },
              "blockIO": {
                "weight": 10, "leafWeight": 10,
                "weightDevice": [{ "major": 8, "minor": 0, "weight": 500, "leafWeight": 300 }, { "major": 8, "minor": 16 }],
                "throttleReadBpsDevice": [{ "major": 8, "minor": 0, "rate": 600 }],
                "throttleWriteBpsDevice": [{ "major": 8, "minor": 0, "rate": 600 }],
                "throttleReadIOPSDevice": [{ "major": 8, "minor": 0, "rate": 600 }],
                "throttleWriteIOPSDevice": [{ "major": 8, "minor": 16, "rate": 300 }]
              },
              "hugepageLimits": [{ "pageSize": "2MB", "limit": 209715200 }],
              "network": { "classID": 1048577, "priorities": [{ "name": "eth0", "priority": 500 }] },
              "rdma": { "mlx5_1": { "hcaHandles": 3, "hcaObjects": 10000 } },
              "unified": { "memory.high": "1073741824" }
            },
            "namespaces": [
              { "type": "pid", "path": "/proc/1234/ns/pid" }, { "type": "network" }, { "type": "mount" }, { "type": "ipc" },
              { "type": "uts" }, { "type": "user" }, { "type": "cgroup" }, { "type": "time" }
            ],
            "devices": [{ "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 0, "gid": 0 }],
            "netDevices": { "eth0": { "name": "c0" }, "eth1": {} },
            "seccomp": {
              "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"],
              "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/run/s", "listenerMetadata": "m",
              "syscalls": [
                {
                  "names": ["clone"], "action": "SCMP_ACT_NOTIFY", "errnoRet": 1,
                  "args": [{ "index": 0, "value": 18446744073709551615, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ" }]
                },
                { "names": ["read", "write"], "action": "SCMP_ACT_KILL_PROCESS", "args": [{ "index": 1, "value": 2, "op": "SCMP_CMP_NE" }] }
              ]
            },
            "rootfsPropagation": "slave",
            "maskedPaths": ["/proc/kcore"],
            "readonlyPaths": ["/proc/sys"],
            "mountLabel": "system_u:object_r:svirt_sandbox_file_t:s0",
            "intelRdt": {
              "closID": "c", "schemata": ["L3:0=7f0"], "l3CacheSchema": "L3:0=7", "memBwSchema": "MB:0=20", "enableMonitoring": true
            },
            "memoryPolicy": { "mode": "MPOL_BIND", "nodes": "0-1", "flags": ["MPOL_F_STATIC_NODES"] },
            "personality": { "domain": "LINUX32", "flags": [] },
            "timeOffsets": { "monotonic": { "secs": 172800, "nanosecs": 7 }, "boottime": { "secs": -604800 } }
          }
        }
        """;
}
