# What a container may do and use: capabilities, devices, limits, and both changed while it runs.
#
#   ./psc examples/02-limits-and-privileges.ps1
#
# Needs root, Debian's busybox-static and nothing from a network. What it makes it removes, also when it is run again after an abort.

$ErrorActionPreference = 'Stop'
$env:PSCONTAINERS_NETWORK = 'None' # for containers that ask for none; 04-networks.ps1 is about them
$image = 'example/limits'
$name = 'example-limits'
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "limits-and-privileges-$PID")

function Say([string] $text) { Write-Host "`n# $text" }

function Check([bool] $isTrue, [string] $expectation) {
    if (-not $isTrue) { throw "expected: $expectation" }
}

function Clear-Example {
    Get-Container | Where-Object Name -eq $name | ForEach-Object { Remove-Container $_.Id -Force }
    Get-ContainerImage | Where-Object { $_.Names -match "^$image(:|$)" } | ForEach-Object { Remove-ContainerImage $_.Id -Force }
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}

function New-BusyboxFolder {
    $bin = [IO.Directory]::CreateDirectory("$folder/bin").FullName
    'dev', 'etc', 'proc', 'root', 'sys', 'tmp' | ForEach-Object { $null = [IO.Directory]::CreateDirectory("$folder/$_") }
    [IO.File]::Copy('/bin/busybox', "$bin/busybox")
    & /bin/busybox --list | Where-Object { $_ -ne 'busybox' } | ForEach-Object { $null = [IO.File]::CreateSymbolicLink("$bin/$_", 'busybox') }
}

Clear-Example
try {
    New-BusyboxFolder
    $null = Import-ContainerImage -RootFileSystem $folder -Name $image

    Say 'no capability but the one that a server on port 80 needs'
    $bounds = Invoke-Container $image -CapDrop ALL -CapAdd NET_BIND_SERVICE -Command sh, -c, 'grep CapEff /proc/self/status' -Remove
    $bounds
    Check ($bounds -like '*0000000000000400') 'one capability, number 10'

    Say 'more open files, more shared memory, one processor'
    $seen = Invoke-Container $image -Ulimit @{ nofile = '512:1024' } -ShmSize 128MB -CpuSet 0 -Remove -Command sh, -c, (
        'echo "$(ulimit -n) files, $(df -m /dev/shm | tail -n 1 | awk "{ print \$2 }") MB, processor $(grep Cpus_allowed_list /proc/self/status | cut -f 2)"')
    $seen
    Check ($seen -eq '512 files, 128 MB, processor 0') 'limits as asked for'

    Say 'a wish that nobody can fulfill is an error with an id, before anything is made'
    try { New-Container $image -Name $name -CapAdd NONSENSE -Command true } catch { $failure = $_; "$failure" }
    Check ($failure.FullyQualifiedErrorId -like 'InvalidCapability*') 'InvalidCapability'

    Say 'suspended it stands still, and Get-Container says so'
    $null = Start-Container -Image $image -Name $name -Memory 64MB -Command sh, -c, 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done'
    Suspend-Container $name
    $before = @(Get-ContainerLog $name).Count
    Start-Sleep -Milliseconds 300
    "$((Get-Container $name).Status), $(@(Get-ContainerLog $name).Count - $before) lines meanwhile"
    Check ((Get-Container $name).Status -eq 'Paused' -and @(Get-ContainerLog $name).Count -eq $before) 'a container that stands still'
    Resume-Container $name

    Say 'other limits while it runs: all of them, or none'
    Set-Container $name -Memory 256MB -PidsLimit 32 -PassThru | Format-List Name, Status, Memory, PidsLimit
    try { Set-Container $name -PidsLimit 64 -Memory 1KB } catch { "$_" }
    Check ((Get-Container $name).PidsLimit -eq 32) 'the limit from before'

    Say 'a signal'
    Send-ContainerSignal $name KILL
    $ended = Wait-Container $name
    "exit code $($ended.ExitCode)"
    Check ($ended.ExitCode -eq 137) 'exit code 137'
}
finally {
    Clear-Example
}
