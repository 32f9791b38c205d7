namespace PsContainers.Cmdlets.Tests.Module;

public sealed class ErrorTests
{
    [Fact]
    public void Unknown_container_is_an_error_record_with_id_category_and_target()
    {
        var result = Psc.Command(
            "try { Get-Container nope -ErrorAction Stop } "
            + "catch { $_.FullyQualifiedErrorId.Split(',')[0]; $_.CategoryInfo.Category; $_.TargetObject }");

        Assert.Equal(["ContainerNotFound", "ObjectNotFound", "nope"], result.Lines);
    }

    [Fact]
    public void Failing_item_does_not_stop_the_rest()
    {
        var result = Psc.Command("'a', 'b' | Stop-Container; Remove-Container c, d; 'after'");

        Assert.Equal(["after"], result.Lines);
        Assert.Equal(4, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("Stop-Container: container 'a' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pattern_that_matches_nothing_is_no_error()
    {
        var result = Psc.Command("Get-Container no*; Get-ContainerImage no*");

        Assert.Empty(result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Unknown_image_makes_an_invocation_end_with_125()
    {
        var result = Psc.Command("Invoke-Container nope -Command true; $LASTEXITCODE");

        Assert.Equal(["125"], result.Lines);
        Assert.StartsWith("Invoke-Container: image 'nope' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_if_changes_nothing()
    {
        var result = Psc.Command("Remove-Container nope -WhatIf; Start-Container -Image nope -WhatIf");

        Assert.Empty(result.Error);
        Assert.Equal(2, result.Lines.Length);
    }

    [Theory]
    [InlineData("/dev/null/below", "StoreUnusable", "/dev/null/below")]
    [InlineData("/etc/passwd", "StoreUnusable", "/etc/passwd")]
    public void Place_that_can_hold_no_store_is_named(string root, string id, string target)
    {
        var result = Psc.Command(
            $"$env:PSCONTAINERS_ROOT = '{root}'; Get-Container -ErrorVariable e 2> $null; "
            + "$e[0].FullyQualifiedErrorId.Split(',')[0]; $e[0].TargetObject; \"$($e[0])\".Contains($e[0].TargetObject)");

        Assert.Equal([id, target, "True"], result.Lines);
    }

    [Fact]
    public void Damaged_store_is_an_error_record_not_a_crash()
    {
        var root = Directory.CreateTempSubdirectory("psc-damaged-").FullName;
        File.WriteAllText(Path.Combine(root, "pscontainers.db"), new string('x', 5000));

        var result = Psc.Command(
            $"$env:PSCONTAINERS_ROOT = '{root}'; Get-Container -ErrorVariable e 2> $null; "
            + "$e[0].FullyQualifiedErrorId.Split(',')[0]; $e[0].CategoryInfo.Category");

        Assert.Equal(["StoreFailure", "ResourceUnavailable"], result.Lines);
        Directory.Delete(root, recursive: true);
    }
}
