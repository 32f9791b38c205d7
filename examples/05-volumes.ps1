# Volumes and mounts: files that outlive containers, folders of the host, memory, another image, and all of it gone afterwards.
#
#   ./psc examples/05-volumes.ps1
#
# Needs root, Debian's busybox-static, and nothing from a network. What it makes it removes, also when it is run again after an abort.

$ErrorActionPreference = 'Stop'
$image = 'example/volumes'
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "volumes-$PID")

function Say([string] $text) { Write-Host "`n# $text" }

function Check([bool] $isTrue, [string] $expectation) {
    if (-not $isTrue) { throw "expected: $expectation" }
}

function Clear-Example {
    Get-Container | Where-Object { $_.Name -like 'example-*' } | ForEach-Object { Remove-Container $_.Id -Force }
    Get-ContainerVolume example-* | Remove-ContainerVolume
    Get-ContainerImage | Where-Object { $_.Names -match "^$image(:|$)" } | ForEach-Object { Remove-ContainerImage $_.Id -Force }
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}

function New-BusyboxFolder {
    $bin = [IO.Directory]::CreateDirectory("$folder/root/bin").FullName
    'dev', 'etc', 'proc', 'sys', 'tmp', 'web' | ForEach-Object { $null = [IO.Directory]::CreateDirectory("$folder/root/$_") }
    [IO.File]::WriteAllText("$folder/root/web/index.html", 'a page of the image')
    [IO.File]::Copy('/bin/busybox', "$bin/busybox")
    & /bin/busybox --list | Where-Object { $_ -ne 'busybox' } | ForEach-Object { $null = [IO.File]::CreateSymbolicLink("$bin/$_", 'busybox') }
}

Clear-Example
try {
    New-BusyboxFolder
    $null = Import-ContainerImage -RootFileSystem "$folder/root" -Name $image
    $quiet = @{ Network = 'None'; Remove = $true }

    Say 'what one container writes into a volume, the next one finds'
    New-ContainerVolume example-data | Format-Table
    Invoke-Container $image -Volume example-data:/data -Command sh, -c, 'echo kept > /data/x' @quiet
    $kept = Invoke-Container $image -Volume example-data:/elsewhere:ro -Command cat, /elsewhere/x @quiet
    $kept
    Check ($kept -eq 'kept') 'what the first one wrote'

    Say 'an empty volume gets what the image has where it is mounted; one that is named is made when it is not there'
    $page = Invoke-Container $image -Volume example-web:/web -Command cat, /web/index.html @quiet
    $page
    Check ($page -eq 'a page of the image') 'the page of the image'

    Say 'folders of the host, memory, and the files of another image; in the notation of docker, or as hashtables'
    [IO.File]::WriteAllText("$folder/note", 'from the host')
    $seen = @(Invoke-Container $image @quiet -Mount "type=bind,source=$folder,target=/host,readonly",
        @{ Type = 'Tmpfs'; Target = '/scratch'; Size = '1m' },
        @{ Type = 'Image'; Source = $image; Target = '/other'; Subpath = 'web' } `
        -Command sh, -c, 'cat /host/note; echo; touch /host/y 2>&1; df -k /scratch | grep -c 1024; cat /other/index.html')
    $seen
    Check ($seen[0] -eq 'from the host' -and $seen[2] -eq '1' -and $seen[3] -eq 'a page of the image') 'all three of them'

    Say 'a folder that is not there is an error, and nothing is made'
    try { New-Container $image -Name example-lost -Volume "$folder/nowhere:/x" -Command true } catch { $failure = $_; "$failure" }
    Check ($failure.FullyQualifiedErrorId -like 'MountSourceNotFound*') 'MountSourceNotFound'

    Say 'a volume that a container has stays; its size is added up when somebody asks'
    $null = New-Container $image -Name example-user -Volume example-data:/data -Command true
    try { Remove-ContainerVolume example-data } catch { $failure = $_; "$failure" }
    Check ($failure.FullyQualifiedErrorId -like 'VolumeInUse*') 'VolumeInUse'
    Get-ContainerVolume example-* | ForEach-Object { "$($_.Name): $($_.Size) bytes, $($_.Container)" }

    Say 'a copy, an archive, another name'
    $null = Copy-ContainerVolume example-data example-before
    $archive = Export-ContainerVolume example-before "$folder/before.tar" -PassThru
    $null = Import-ContainerVolume $archive.FullName example-again
    Rename-ContainerVolume example-again example-restored
    $kept = Invoke-Container $image -Volume example-restored:/data -Command cat, /data/x @quiet
    Check ($kept -eq 'kept') 'what came back from the archive'
    (Get-ContainerVolume example-*).Name

    Say 'an anonymous volume goes with its container, and so does everything of this example'
    $null = New-Container $image -Name example-brief -Volume /cache -Command true
    $anonymous = (Get-Container example-brief).Mount.Source
    Remove-Container example-brief, example-user
    Check (-not (Get-ContainerVolume | Where-Object { $_.Name -eq $anonymous })) 'no volume of it'
    Get-ContainerVolume example-* | Remove-ContainerVolume
    Check (@(Get-ContainerVolume example-*).Count -eq 0) 'no volume left'
}
finally {
    Clear-Example
}
