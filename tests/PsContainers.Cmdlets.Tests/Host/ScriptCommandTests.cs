namespace PsContainers.Cmdlets.Tests.Host;

public sealed class ScriptCommandTests
{
    [Theory]
    [InlineData("1..10 | Select-Object -First 2", "1,2")]
    [InlineData("1..10 | Select-Object -Skip 3 -First 2", "4,5")]
    [InlineData("1..5 | Select-Object -Last 2", "4,5")]
    [InlineData("& { 'a'; Start-Sleep 600 } | Select-Object -First 1", "a")]
    [InlineData("[pscustomobject]@{ A = 1; B = 2 } | Select-Object -ExpandProperty B", "2")]
    [InlineData("([pscustomobject]@{ A = 1; B = 2 } | Select-Object A, @{ n = 'C'; e = { $_.B + 1 } }).C", "3")]
    [InlineData("3, 1, 2 | Sort-Object", "1,2,3")]
    [InlineData("'b', 'A', 'c' | Sort-Object -Descending", "c,b,A")]
    [InlineData("3, 1, 3 | Sort-Object -Unique", "1,3")]
    [InlineData("(1..4 | Measure-Object -Sum).Sum", "10")]
    [InlineData("(1..4 | Measure-Object).Count", "4")]
    [InlineData("@{ a = @(1, 2.5, $null, $true) } | ConvertTo-Json -Compress", """{"a":[1,2.5,null,true]}""")]
    [InlineData(
        "$d = [System.Collections.Generic.Dictionary[string, string]]::new(); $d.k = 'v'; $d | ConvertTo-Json -Compress",
        """{"k":"v"}""")]
    [InlineData("[pscustomobject]@{ d = [DayOfWeek]::Friday } | ConvertTo-Json -Compress", """{"d":5}""")]
    [InlineData("[pscustomobject]@{ A = 1 } | Format-List | Out-String -Stream | Where-Object { $_ }", "A : 1")]
    [InlineData("Join-Path /a b c", "/a/b/c")]
    [InlineData("Test-Path /nonexistent", "False")]
    [InlineData("Write-Output a b", "a,b")]
    [InlineData("'b', 'a', 'B' | Group-Object | ForEach-Object { \"$($_.Count) $($_.Name)\" }", "1 a,2 b")]
    [InlineData("(1, 2, 3 | Group-Object { $_ % 2 }).Group", "2,1,3")]
    [InlineData("([pscustomobject]@{ A = 1 }, [pscustomobject]@{ A = 2 } | Get-Member -MemberType NoteProperty).Name", "A")]
    [InlineData("('' | Get-Member Le*).Definition", "int Length {get;}")]
    public void Command_does_what_its_namesake_does(string command, string expected) =>
        Assert.Equal(expected, string.Join(',', Psc.Command(command).Lines));
}
