# A warm session: does what each line of standard input asks for, and answers when it is done.
$volumes = 0..19 | ForEach-Object { "bench${_}:/mnt/$_" }
$elsewhere = 0..19 | ForEach-Object { "bench${_}:/new/$_" }
while ($null -ne ($line = [Console]::In.ReadLine())) {
    switch ($line) {
        'invoke' { $null = Invoke-Container busybox -Command true -Remove }
        'network' { $null = Invoke-Container busybox -Command true -Remove -Network bench }
        'start' { $container = Start-Container -Image busybox -Command sleep, 100 -Network None }
        'start with 1' { $container = Start-Container -Image busybox -Command sleep, 100 -Network None -Volume bench0:/mnt/0 }
        'start with 20' { $container = Start-Container -Image busybox -Command sleep, 100 -Network None -Volume $volumes }
        'start with 20 elsewhere' { $container = Start-Container -Image busybox -Command sleep, 100 -Network None -Volume $elsewhere }
        'remove' { Remove-Container $container -Force }
        'start and wait' {
            $container = Start-Container -Image busybox -Command true
            $null = Wait-Container $container.Id
            Remove-Container $container.Id
        }
        'get' { $null = Get-Container }
    }
    [Console]::Out.WriteLine("done $LASTEXITCODE")
}
