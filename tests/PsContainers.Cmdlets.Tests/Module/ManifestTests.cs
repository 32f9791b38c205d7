using System.Management.Automation;
using System.Reflection;

namespace PsContainers.Cmdlets.Tests.Module;

public sealed class ManifestTests
{
    [Fact]
    public void Manifest_exports_every_cmdlet_and_nothing_else()
    {
        var attributes = Cmdlets().Select(type => type.GetCustomAttribute<CmdletAttribute>()!);
        var cmdlets = attributes.Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order();

        var exported = Psc.Command("(Get-Command -Module PsContainers).Name").Lines.Order();

        Assert.Equal(cmdlets, exported);
    }

    [Theory]
    [InlineData("New-Container", "Start-Container", "Stop-Container", "Remove-Container", "Invoke-Container")]
    [InlineData("Suspend-Container", "Resume-Container", "Send-ContainerSignal", "Set-Container")]
    [InlineData("Import-ContainerImage", "Remove-ContainerImage", "Add-ContainerImageTag", "Remove-ContainerImageTag")]
    [InlineData("Export-ContainerImage", "Export-Container", "ConvertTo-ContainerImage")]
    [InlineData("Mount-ContainerImage", "Dismount-ContainerImage", "Clear-ContainerStorage", "Repair-ContainerStorage")]
    [InlineData("New-ContainerNetwork", "Set-ContainerNetwork", "Remove-ContainerNetwork", "Repair-ContainerNetwork")]
    [InlineData("Connect-ContainerNetwork", "Disconnect-ContainerNetwork", "Register-ContainerPlugin", "Unregister-ContainerPlugin")]
    public void Cmdlet_that_changes_state_can_say_what_it_would_do(params string[] names)
    {
        foreach (var name in names)
        {
            Assert.Contains("WhatIf", Psc.Command($"(Get-Command {name}).Parameters.Keys").Lines);
        }
    }

    [Fact]
    public void Every_cmdlet_has_help_with_an_example()
    {
        var script = """
            Get-Command -Module PsContainers | ForEach-Object {
                $h = Get-Help $_.Name
                "$($_.Name)|$($h.Synopsis)|$(@($h.examples.example).Count)"
            }
            """;

        var lines = Psc.Command(script).Lines;

        Assert.Equal(Cmdlets().Count(), lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^[\w-]+\|[A-Z][^\r\n]+\.\|[1-9]", line));
    }

    [Fact]
    public void Every_parameter_has_help()
    {
        var script = """
            Get-Command -Module PsContainers | ForEach-Object {
                $described = (Get-Help $_.Name).parameters.parameter | Where-Object { $_.description.Text } | ForEach-Object name
                $cmdlet = [System.Management.Automation.Cmdlet]
                $common = $cmdlet::CommonParameters + $cmdlet::OptionalCommonParameters
                foreach ($p in $_.Parameters.Keys) { if ($p -notin $common -and $p -notin $described) { "$($_.Name) -$p" } }
            }
            """;

        Assert.Empty(Psc.Command(script).Lines);
    }

    [Fact]
    public void Help_tells_aliases_wildcards_and_what_if_as_the_code_has_them()
    {
        var script = """
            Get-Command -Module PsContainers | ForEach-Object {
                $command = $_
                $help = Get-Help $command.Name
                foreach ($p in $help.parameters.parameter) {
                    $code = $command.Parameters[$p.name]
                    $aliases = if ($code.Aliases) { $code.Aliases -join ', ' } else { 'none' }
                    $wildcards = [bool] ($code.Attributes |
                        Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] })
                    if ($p.aliases -ne $aliases) { "$($command.Name) -$($p.name) has aliases $aliases" }
                    if ($p.globbing -ne $wildcards) { "$($command.Name) -$($p.name) takes wildcards: $wildcards" }
                }
                foreach ($set in $help.syntax.syntaxItem) {
                    if ($command.Parameters.ContainsKey('WhatIf') -ne ($set.parameter.name -contains 'WhatIf')) {
                        "$($command.Name): WhatIf"
                    }
                }
            }
            """;

        Assert.Empty(Psc.Command(script).Output);
    }

    private static IEnumerable<Type> Cmdlets() =>
        typeof(ContainersCmdlet).Assembly.GetExportedTypes().Where(type => type.IsDefined(typeof(CmdletAttribute)));
}
