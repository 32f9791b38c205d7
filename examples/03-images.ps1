# From a container to an image and on to other engines: commit, compare, name, export, mount, clean up.
#
#   ./psc examples/03-images.ps1
#
# Needs root, Debian's busybox-static and nothing from a network. What it makes it removes, also when it is run again after an abort.

$ErrorActionPreference = 'Stop'
$env:PSCONTAINERS_NETWORK = 'None' # for containers that ask for none; 04-networks.ps1 is about them
$base = 'example/base'
$image = 'example/app'
$container = 'example-builder'
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "images-$PID")

function Say([string] $text) { Write-Host "`n# $text" }

function Check([bool] $isTrue, [string] $expectation) {
    if (-not $isTrue) { throw "expected: $expectation" }
}

function Clear-Example {
    Get-Container | Where-Object { $_.Name -eq $container } | ForEach-Object { Remove-Container $_.Id -Force }
    Get-ContainerImage | Where-Object { "$($_.Names)" -match '^example/' } | ForEach-Object {
        try { Dismount-ContainerImage $_.Id -All } catch { $null = $_ }
        Remove-ContainerImage $_.Id -Force
    }
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}

Clear-Example
try {
    'bin', 'etc', 'tmp' | ForEach-Object { $null = [IO.Directory]::CreateDirectory("$folder/root/$_") }
    [IO.File]::Copy('/bin/busybox', "$folder/root/bin/busybox")
    $null = [IO.File]::CreateSymbolicLink("$folder/root/bin/sh", 'busybox')
    $null = Import-ContainerImage -RootFileSystem "$folder/root" -Name $base

    Say 'what a container changes is a list of objects'
    $null = Start-Container -Image $base -Name $container -Command sh, -c, 'echo "hello from the image" > /etc/greeting'
    $null = Wait-Container $container
    Compare-Container $container | Format-Table
    Check ((Compare-Container $container | Where-Object Kind -eq 'Added').Path -eq '/etc/greeting') 'one file was added'

    Say 'and becomes an image, of which the lower layer is shared'
    $new = ConvertTo-ContainerImage $container "${image}:1" -Message 'a greeting' -Command busybox, cat, /etc/greeting
    Get-ContainerImageLayer $new | Format-Table
    Check ((Invoke-Container $image`:1 -Remove) -eq 'hello from the image') 'the image runs by itself'

    Say 'it can have more names, and a history'
    Add-ContainerImageTag "${image}:1" "${image}:stable"
    Get-ContainerImageHistory "${image}:stable" | Format-Table
    Check ((Get-ContainerImageHistory "${image}:stable")[0].Comment -eq 'a greeting') 'the message is in the history'

    Say 'docker load, podman load and skopeo read what is exported'
    Export-ContainerImage "${image}:*" "$folder/app.tar" -PassThru | ForEach-Object { "$($_.Name): $($_.Length) bytes" }
    Remove-ContainerImage $new.Id -Force
    $again = Import-ContainerImage "$folder/app.tar"
    Check ($again.Id -eq $new.Id -and $again.Names.Count -eq 2) 'the same image came back under both names'

    Say 'its files can be read without a container'
    $mount = Mount-ContainerImage "${image}:1"
    [IO.File]::ReadAllText("$mount/etc/greeting")
    $mount | Dismount-ContainerImage

    Say 'the store can be measured and checked'
    Measure-ContainerStorage | Format-Table
    Check (Test-ContainerStorage) 'nothing in the store is damaged'
}
finally {
    Clear-Example
}
