using System.Diagnostics;
using PsContainers.Cmdlets.Tests.Networks;

namespace PsContainers.Cmdlets.Tests.Plugins;

/// <summary>Plugins that come with the module, and one that a user adds: the bridge driver under another name.</summary>
[Collection(nameof(OneNetworkHost))]
public sealed class PluginTests : IDisposable
{
    private readonly NetworkHost _host;
    private readonly string _directory = Directory.CreateTempSubdirectory("psc-plugins-").FullName;

    public PluginTests(NetworkHost host)
    {
        _host = host;
        Assert.SkipUnless(NetworkHost.IsPossible, NetworkHost.Need);
        _host.Begin();
        using var copy = Process.Start("/bin/cp", ["-r", Path.Combine(Repository.Root, "module/bin/plugins/Bridge"), Folder]);
        copy.WaitForExit();
        var manifest = Path.Combine(Folder, "plugin.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest)
            .Replace("\"name\": \"bridge\"", "\"name\": \"mine\"", StringComparison.Ordinal)
            .Replace("\"isDefault\": true", "\"isDefault\": false", StringComparison.Ordinal));
    }

    private string Folder => Path.Combine(_directory, "Mine");

    public void Dispose()
    {
        if (NetworkHost.IsPossible)
        {
            _host.Command("Get-ContainerPlugin mine* | Unregister-ContainerPlugin");
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Bridge_comes_with_the_module()
    {
        var result = _host.Command(
            "$p = Get-ContainerPlugin bridge; $p.Name, \"$($p.Kinds)\", $p.Transport, $p.Status; Get-ContainerPlugin b*");

        Assert.Empty(result.Error);
        Assert.Equal(["bridge", "network", "dotnet", "Available"], result.Lines[..4]);
        Assert.Matches(@"Name +Version +Kinds +Transport +Status +Description\n", result.Output);
    }

    [Fact]
    public void Registered_plugin_is_a_driver_for_every_session_until_it_is_taken_back()
    {
        Assert.Equal(["mine"], _host.Command($"(Get-Item '{Folder}' | Register-ContainerPlugin).Name").Lines);

        var used = _host.Command(
            "$n = New-ContainerNetwork own -Driver mine -Subnet 10.90.5.0/24; $n.Driver; "
            + "Invoke-Container busybox -Network own -Remove -Command busybox, ip, -o, -4, address, show, eth0");
        var removed = _host.Command(
            "Remove-ContainerNetwork own; Get-ContainerPlugin mine | Unregister-ContainerPlugin; (Get-ContainerPlugin mine*).Count");

        Assert.Empty(used.Error);
        Assert.Equal("mine", used.Lines[0]);
        Assert.Contains("10.90.5.2/24", used.Lines[1], StringComparison.Ordinal);
        Assert.Empty(removed.Error);
        Assert.Equal(["0"], removed.Lines);
        Assert.True(File.Exists(Path.Combine(Folder, "plugin.json")));
        _host.AssertNothingIsLeft();
    }

    // The trial is an engine of its own, with records and a firewall table of its own.
    [Fact]
    public void Plugin_is_tried_beside_its_containers_without_harm_to_them()
    {
        const string answers = "for ($i = 0; $i -lt 50 -and -not $a; $i++) { Start-Sleep -Milliseconds 50; "
            + "$a = & /bin/busybox timeout 2 /bin/busybox wget -q -O - http://127.0.0.1:8080/name 2> $null }; $a";
        var result = _host.Command(
            "$null = Start-Container used -Image busybox -Network bridge -Publish 8080:80 -Command sh, -c, "
            + "'busybox mkdir /www; echo used > /www/name; exec busybox httpd -f -p 80 -h /www'; "
            + $"{answers}; $a = $null; Test-ContainerPlugin bridge -Quiet; {answers}; @(Repair-ContainerNetwork bridge).Count; "
            + "Remove-Container used -Force; Remove-ContainerNetwork bridge");

        Assert.Empty(result.Error);
        Assert.Equal(["used", "True", "used", "0"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void What_if_registers_nothing()
    {
        var result = _host.Command(
            $"Register-ContainerPlugin '{Folder}' -WhatIf; Unregister-ContainerPlugin bridge -WhatIf; (Get-ContainerPlugin mine*).Count");

        Assert.Equal(3, result.Lines.Length);
        Assert.All(result.Lines[..2], line => Assert.StartsWith("What if: ", line, StringComparison.Ordinal));
        Assert.Equal("0", result.Lines[2]);
    }

    [Theory]
    [InlineData("Get-ContainerPlugin nobody", "PluginNotFound")]
    [InlineData("Register-ContainerPlugin /nowhere", "PluginInvalidRequest")]
    [InlineData("Unregister-ContainerPlugin bridge", "PluginInvalidRequest")]
    [InlineData("New-ContainerNetwork a -Driver mine", "NetworkDriverNotFound")]
    public void Failure_has_an_id(string script, string id)
    {
        Assert.Equal([id], _host.Errors(script));
    }

    [Fact]
    public void Report_of_a_plugin_that_keeps_to_the_contract_says_so()
    {
        var result = _host.Command(
            $"Set-Location '{_directory}'; $r = Test-ContainerPlugin ./Mine; $r.Name, $r.Path, $r.IsConforming; "
            + "Test-ContainerPlugin bridge -Quiet; (Test-ContainerPlugin br* -Detailed | Where-Object Outcome -eq Failed).Count; "
            + "(Get-ContainerPlugin bridge | Test-ContainerPlugin).Checks.Count -gt 10");

        Assert.Empty(result.Error);
        Assert.Equal(["mine", Folder, "True", "True", "0", "True"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Report_of_a_plugin_that_does_not_is_no_error()
    {
        File.WriteAllText(Path.Combine(Folder, "plugin.json"), "{ \"name\": \"mine\" }");

        var result = _host.Command(
            $"$r = Get-Item '{Folder}' | Test-ContainerPlugin; $r.IsConforming; $r.Checks[-1].Outcome; "
            + $"Test-ContainerPlugin '{Folder}' -Quiet; $r");

        Assert.Empty(result.Error);
        Assert.Equal(["False", "Failed", "False"], result.Lines[..3]);
        Assert.Matches(@"\nMine +False +\d+ +1 ", result.Output);
    }
}
