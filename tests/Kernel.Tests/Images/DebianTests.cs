using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>A whole distribution as debootstrap makes it.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class DebianTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Debian_runs()
    {
        Import();

        var said = Debian(
            "bash", "-c",
            "source /etc/os-release; echo $ID $VERSION_CODENAME; apt-get --version | head -n 1; dpkg -l | grep -c ^ii; "
            + "perl -e 'print 6*7, \"\\n\"'");

        var lines = said.Split('\n');
        Assert.Equal("debian bookworm", lines[0]);
        Assert.StartsWith("apt ", lines[1], StringComparison.Ordinal);
        Assert.InRange(int.Parse(lines[2], null), 50, 500);
        Assert.Equal("42", lines[3]);
    }

    [Fact]
    public void Package_tools_can_do_their_work()
    {
        Import();

        // Users, ownership and set-user-ID programs: what the fourteen capabilities are for.
        var said = Debian("bash", "-ec", """
            useradd --create-home --uid 2000 bob
            touch /tmp/file; chown bob:bob /tmp/file; chmod 600 /tmp/file
            su bob -c 'id -un; cat /tmp/file; echo more >> /tmp/file'
            wc -c < /tmp/file
            dpkg-query -W -f '${Status}\n' bash
            """);

        Assert.Equal("bob\n5\ninstall ok installed", said);
    }

    private string Debian(params string[] command) =>
        Run(new ContainerCreation { Image = "debian", Command = command, RemoveOnExit = true }).Text();

    private void Import()
    {
        if (Services.GetImages.Execute().Any(image => image.Name.StartsWith("debian", StringComparison.Ordinal)))
        {
            return;
        }

        var archive = Path.Join(Repository.Cache, "debian-bookworm.tar");
        Assert.SkipUnless(File.Exists(archive), "needs the archive that Images/debian.sh makes, which test.sh calls: here is no network");
        Services.ImportImage.Execute(new ImageImport { Path = archive, RootFileSystem = true, Name = "debian" });
    }
}
