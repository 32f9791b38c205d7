using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Store;

/// <summary>Which run directory belongs to the store.</summary>
/// <remarks>A session that looked for the running containers in another one would take all of them for lost, and end them.</remarks>
internal sealed class RunHome(Database database)
{
    private readonly record struct Home(string Run, string Boot);

    /// <exception cref="ContainerEngineException">RunDirectoryDiffers: containers run under another one.</exception>
    public void Claim(EnginePaths paths)
    {
        var claimed = new Home(paths.Run, HostBoot.Id);
        if (Read() != claimed)
        {
            database.Write(Durability.ProcessCrash, () => Claim(paths, claimed));
        }
    }

    private int Claim(EnginePaths paths, Home claimed)
    {
        var known = Read();
        if (known.Boot == claimed.Boot && known.Run != claimed.Run && HasRunning())
        {
            throw EngineErrors.RunDirectoryDiffers(paths.Root, known.Run, paths.Run);
        }

        database.Execute("DELETE FROM run_home");
        return database.Execute("INSERT INTO run_home (run, boot) VALUES ($1, $2)", claimed.Run, claimed.Boot);
    }

    private Home Read() => database.First("SELECT run, boot FROM run_home", reader => new Home(reader.GetString(0), reader.GetString(1)));

    private bool HasRunning() => database.First("SELECT EXISTS (SELECT 1 FROM container WHERE status = 1)", reader => reader.GetBoolean(0));
}
