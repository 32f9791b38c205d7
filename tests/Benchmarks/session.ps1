# A warm session: does what each line of standard input asks for, and answers when it is done.
$volumes = 0..19 | ForEach-Object { "bench${_}:/m/$_" }
while ($null -ne ($line = [Console]::In.ReadLine())) {
    switch ($line) {
        'invoke' { $null = Invoke-Container busybox -Command true -Remove }
        'network' { $null = Invoke-Container busybox -Command true -Remove -Network bench }
        'volume' { $null = Invoke-Container busybox -Command true -Remove -Volume bench0:/m/0 }
        'volumes' { $null = Invoke-Container busybox -Command true -Remove -Volume $volumes }
        'start' {
            $container = Start-Container -Image busybox -Command true
            $null = Wait-Container $container.Id
            Remove-Container $container.Id
        }
        'get' { $null = Get-Container }
    }
    [Console]::Out.WriteLine("done $LASTEXITCODE")
}
