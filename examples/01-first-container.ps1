# From a static program to running containers: isolation, limits, copy-on-write, logs and the objects that come back.
#
#   ./psc examples/01-first-container.ps1
#
# Needs root, Debian's busybox-static and libnftables1, and nothing from a network beyond this machine. What it makes it removes, also
# when it is run again after an abort.

$ErrorActionPreference = 'Stop'
$image = 'example/busybox'
$names = 'example-web', 'example-greedy', 'example-writer', 'example-reader'
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "first-container-$PID")

function Say([string] $text) { Write-Host "`n# $text" }

function Check([bool] $isTrue, [string] $expectation) {
    if (-not $isTrue) { throw "expected: $expectation" }
}

function Clear-Example {
    Get-Container | Where-Object { $_.Name -in $names } | ForEach-Object { Remove-Container $_.Id -Force }
    Get-ContainerImage | Where-Object { $_.Names -match "^$image(:|$)" } | ForEach-Object { Remove-ContainerImage $_.Id -Force }
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}

# A root file system is a folder: one program, and a link for each of its commands.
function New-BusyboxFolder {
    $bin = [IO.Directory]::CreateDirectory("$folder/bin").FullName
    'dev', 'etc', 'proc', 'root', 'sys', 'tmp' | ForEach-Object { $null = [IO.Directory]::CreateDirectory("$folder/$_") }
    [IO.File]::Copy('/bin/busybox', "$bin/busybox")
    & /bin/busybox --list | Where-Object { $_ -ne 'busybox' } | ForEach-Object { $null = [IO.File]::CreateSymbolicLink("$bin/$_", 'busybox') }
    [IO.File]::WriteAllText("$folder/etc/passwd", "root:x:0:0:root:/root:/bin/sh`n")
    [IO.File]::WriteAllText("$folder/etc/group", "root:x:0:`n")
}

Clear-Example
try {
    Say 'an image from a folder'
    New-BusyboxFolder
    Import-ContainerImage -RootFileSystem $folder -Name $image | Format-Table

    Say 'a container is a command of the pipeline: its output are strings'
    $greeting = Invoke-Container $image -Command echo, 'hello from a container' -Remove
    $greeting
    Check ($greeting -eq 'hello from a container') 'a greeting'

    Say 'it has processes, a host name and a network of its own'
    $inside = Invoke-Container $image -Command sh, -c, 'echo "process $$ of $(ls -d /proc/[0-9]* | wc -l) on $(hostname)"; ls /sys/class/net' -Hostname box -Remove
    $inside
    Check ($inside[0] -like 'process 1 of * on box' -and "$($inside[1..2])" -eq 'eth0 lo') 'process 1, host name box, links eth0 and lo'

    Say 'its exit code is where PowerShell keeps those of programs'
    Invoke-Container $image -Command sh, -c, 'exit 3' -Remove
    "exit code $LASTEXITCODE"
    Check ($LASTEXITCODE -eq 3) 'exit code 3'

    Say 'in the background it is an object, for this session and for every other'
    Start-Container -Image $image -Name example-web -Command sh, -c, 'echo listening; echo "no real server" >&2; sleep 600' -Label @{ tier = 'web' } | Format-Table
    $web = Get-Container example-web
    "$($web.Name) is $($web.Status) as process $($web.ProcessId), labels: $($web.Labels.Keys)"
    Check ($web.Status -eq 'Running') 'a running container'

    Say 'a memory limit: what takes more is ended'
    $greedy = Start-Container -Image $image -Name example-greedy -Memory 32MB -Command sh, -c, 'tail /dev/zero' | Wait-Container
    "out of memory: $($greedy.OutOfMemory)"
    Check $greedy.OutOfMemory 'out of memory'

    Say 'copy-on-write: what one container changes, no other sees'
    $null = Start-Container -Image $image -Name example-writer -Command sh, -c, 'rm /bin/vi; echo mine > /note' | Wait-Container
    $null = Start-Container -Image $image -Name example-reader -Command sh, -c, 'ls /bin/vi; cat /note' | Wait-Container
    $seen = @(Get-ContainerLog example-reader).Text
    $seen
    Check ($seen[0] -eq '/bin/vi' -and $seen -notcontains 'mine') 'an untouched image'

    Say 'logs are objects too: which stream, and when'
    Get-ContainerLog example-web | ForEach-Object { "$($_.Stream): $($_.Text)" }

    Say 'stopping and removing'
    Stop-Container example-web -Timeout 0
    Get-Container example-* | Sort-Object Name | Format-Table Name, Status, ExitCode, OutOfMemory
    Get-Container example-* | Remove-Container
    Check (@(Get-Container example-*).Count -eq 0) 'no container left'
}
finally {
    Clear-Example
}
