namespace PsContainers.Cmdlets.Tests.Module;

public sealed class LoadContextTests
{
    private const string Loaded = "| ForEach-Object { $_.GetName().Name }";

    [Fact]
    public void Engine_and_its_packages_stay_out_of_the_default_context()
    {
        var result = Psc.Command($"$null = Get-Container; [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies {Loaded}");

        Assert.Contains("PsContainers.Cmdlets", result.Lines);
        Assert.Contains("PsContainers.Abstractions", result.Lines);
        Assert.DoesNotContain(result.Lines, name => name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("PsContainers.Engine", result.Lines);
    }

    [Fact]
    public void Engine_loads_in_the_context_of_the_module()
    {
        var context = "[System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq PsContainers";

        var result = Psc.Command($"$null = Get-Container; ({context}).Assemblies {Loaded}");

        Assert.Contains("PsContainers.Engine", result.Lines);
        Assert.Contains("Microsoft.Data.Sqlite", result.Lines);
        Assert.DoesNotContain("PsContainers.Abstractions", result.Lines);
    }

    [Fact]
    public void Module_can_be_removed_and_imported_again()
    {
        var result = Psc.Command(
            $"Remove-Module PsContainers; Import-Module '{Repository.Manifest}'; (Get-Container | Measure-Object).Count");

        Assert.Equal(["0"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Module_removed_in_one_runspace_goes_on_working_in_another()
    {
        const string Use = "$null = Get-Container; \"before\"; [Threading.Thread]::Sleep(1000); $null = Get-Container; \"after\"";
        var result = Psc.Command($$"""
            $state = [initialsessionstate]::CreateDefault2()
            $null = $state.ImportPSModule('{{Repository.Manifest}}')
            $other = [powershell]::Create($state).AddScript('{{Use}}')
            $begun = $other.BeginInvoke()
            Start-Sleep 0.5
            Remove-Module PsContainers
            $other.EndInvoke($begun)
            $other.Streams.Error
            """);

        Assert.Equal(["before", "after"], result.Lines);
        Assert.Empty(result.Error);
    }
}
