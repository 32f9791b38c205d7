# Containers on networks: names, published ports, a closed network, an address of one's choice, and all of it gone afterwards.
#
#   ./psc examples/04-networks.ps1
#
# Needs root, Debian's busybox-static and libnftables1, and nothing from a network beyond this machine. What it makes it removes, also
# when it is run again after an abort.

$ErrorActionPreference = 'Stop'
$image = 'example/networks'
$names = 'example-db', 'example-web', 'example-vault', 'example-guest'
$networks = 'example-back', 'example-closed'
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "networks-$PID")

function Say([string] $text) { Write-Host "`n# $text" }

function Check([bool] $isTrue, [string] $expectation) {
    if (-not $isTrue) { throw "expected: $expectation" }
}

function Clear-Example {
    Get-Container | Where-Object { $_.Name -in $names } | ForEach-Object { Remove-Container $_.Id -Force }
    Get-ContainerNetwork | Where-Object { $_.Name -in $networks } | Remove-ContainerNetwork -Force
    Get-ContainerImage | Where-Object { $_.Names -match "^$image(:|$)" } | ForEach-Object { Remove-ContainerImage $_.Id -Force }
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}

function New-BusyboxFolder {
    $bin = [IO.Directory]::CreateDirectory("$folder/bin").FullName
    'dev', 'etc', 'proc', 'root', 'sys', 'tmp' | ForEach-Object { $null = [IO.Directory]::CreateDirectory("$folder/$_") }
    [IO.File]::Copy('/bin/busybox', "$bin/busybox")
    & /bin/busybox --list | Where-Object { $_ -ne 'busybox' } | ForEach-Object { $null = [IO.File]::CreateSymbolicLink("$bin/$_", 'busybox') }
}

# A server may need a moment before it listens.
function Get-Page([scriptblock] $get) {
    for ($attempt = 0; $attempt -lt 50; $attempt++) {
        $page = & $get
        if ($page) { return $page }
        Start-Sleep -Milliseconds 100
    }
}

$server = 'sh', '-c', 'mkdir /www; echo "a page of $(hostname)" > /www/page; exec httpd -f -p 80 -h /www'

Clear-Example
try {
    New-BusyboxFolder
    $null = Import-ContainerImage -RootFileSystem $folder -Name $image

    Say 'a network: nothing of it is in the kernel before a container is on it'
    New-ContainerNetwork example-back -Label @{ example = 'yes' } | Format-Table

    Say 'two containers on it find each other by name, and by what else a network calls them'
    $null = Start-Container -Image $image -Name example-db -Hostname db -Network example-back -NetworkAlias database -Command $server
    $null = Start-Container -Image $image -Name example-web -Hostname web -Network example-back -Publish 127.0.0.1::80 -Command $server
    $page = Get-Page { Invoke-ContainerCommand example-web timeout, 2, wget, -q, -O, -, http://database/page 6> $null }
    $page
    Check ($page -eq 'a page of db') 'the page of db, from web'
    (Get-ContainerNetwork example-back).Container

    Say 'a port of the host leads to a container: here a free one, of the loopback address only'
    $port = Get-ContainerPort example-web
    $port
    $page = Get-Page { & /bin/busybox timeout 2 /bin/busybox wget -q -O - "http://127.0.0.1:$($port.HostPort)/page" 2> $null }
    $page
    Check ($page -eq 'a page of web') 'the page of web, from the host'

    Say 'a port that somebody has is an error with an id, before anything is made'
    $taken = "127.0.0.1:$($port.HostPort):80"
    try { Start-Container -Image $image -Name example-guest -Publish $taken -Command $server } catch { $failure = $_; "$failure" }
    Check ($failure.FullyQualifiedErrorId -like 'PortInUse*') 'PortInUse'
    Check (-not (Get-Container example-guest*)) 'no container of it'

    Say 'other ports while it runs'
    (Set-Container example-web -Publish "127.0.0.1:$($port.HostPort):80", 127.0.0.1::8080 -PassThru).Port

    Say 'a closed network, and an address of one''s choice: nothing leads out of it'
    $null = New-ContainerNetwork example-closed -Internal -Subnet 10.99.77.0/24
    $vault = Start-Container -Image $image -Name example-vault -Hostname vault -Network example-closed -IPAddress 10.99.77.7 -Command $server
    $vault.Network | Format-Table
    Check ($vault.Network.IPAddress -eq '10.99.77.7/24') 'the address that was asked for'
    $routes = @(Invoke-ContainerCommand example-vault ip, route)
    Check (-not ($routes -like 'default*')) 'no way out'

    Say 'who joins it while running reaches it; who does not, does not'
    Connect-ContainerNetwork example-closed example-web
    $page = Get-Page { Invoke-ContainerCommand example-web timeout, 2, wget, -q, -O, -, http://10.99.77.7/page 6> $null }
    $page
    Check ($page -eq 'a page of vault') 'the page of vault, from web'
    $null = Invoke-ContainerCommand example-db timeout, 2, wget, -q, -O, -, http://10.99.77.7/page 6> $null
    Check ($LASTEXITCODE -ne 0) 'no page of vault, from db'
    Disconnect-ContainerNetwork example-closed example-web

    Say 'what the kernel has is as it should be'
    $problems = @(Repair-ContainerNetwork example-*)
    "$($problems.Count) problems"
    Check ($problems.Count -eq 0) 'nothing to repair'

    Say 'a network with a container on it is not removed by accident; without one it goes'
    try { Remove-ContainerNetwork example-back } catch { $failure = $_; "$failure" }
    Check ($failure.FullyQualifiedErrorId -like 'NetworkInUse*') 'NetworkInUse'
    Get-Container example-* | Remove-Container -Force
    Get-ContainerNetwork example-* | Remove-ContainerNetwork
    Check (@(Get-ContainerNetwork example-*).Count -eq 0) 'no network left'
}
finally {
    Clear-Example
}
