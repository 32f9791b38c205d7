using PsContainers.Linux;
using PsContainers.Linux.DBus;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Systemd;

/// <summary>The units of this machine's service manager, over D-Bus. org.freedesktop.systemd1(5)</summary>
public sealed class SystemdUnits : IDisposable
{
    private const string Systemd = "org.freedesktop.systemd1";
    private const string Root = "/org/freedesktop/systemd1";
    private const string Interface = $"{Systemd}.Manager";
    private const string BusSocket = "/run/dbus/system_bus_socket";

    // Systemd's own, for root, where no bus is up.
    private const string PrivateSocket = "/run/systemd/private";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly BusConnection _bus;

    private SystemdUnits(BusConnection bus) => _bus = bus;

    /// <exception cref="LinuxException">Nobody listens, neither on the bus nor for root alone.</exception>
    public static SystemdUnits Connect()
    {
        try
        {
            return Connect(BusConnection.ToBus(BusSocket, _patience));
        }
        catch (LinuxException) when (Environment.IsPrivilegedProcess)
        {
            return new SystemdUnits(BusConnection.ToService(PrivateSocket, _patience));
        }
    }

    /// <summary>Starts a scope around a process and waits until its groups are there and the process is in them.</summary>
    /// <param name="description">The same for <see cref="Stop"/>.</param>
    /// <param name="plan">The container's groups: their limits become systemd's as well.</param>
    /// <exception cref="BusException">Systemd refused; no scope of this name is left but one that was there before.</exception>
    public void StartScope(SystemdScope scope, int pid, string description, CgroupPlan plan, bool isUnified)
    {
        UnitProperty[] properties =
        [
            .. scope.Properties(pid, description, isUnified),
            .. ScopeLimits.Of([.. plan.Directories.Where(d => d.Role == CgroupRole.Container).SelectMany(d => d.Writes)], Version()),
        ];
        try
        {
            Start(scope, properties);
        }
        catch (BusException e) when (e.Error == $"{Systemd}.UnitExists")
        {
            // One that failed stays loaded until somebody takes note.
            Tolerate("NoSuchUnit", () => Call("ResetFailedUnit", "s", new BusWriter().Text(scope.Name)));
            Start(scope, properties);
        }
    }

    /// <summary>Tells systemd of limits that were changed.</summary>
    public void SetLimits(SystemdScope scope, IReadOnlyList<CgroupWrite> written)
    {
        var limits = ScopeLimits.Of(written, Version());
        if (limits.Count > 0)
        {
            // Only as long as the machine runs: a scope is no longer-lived.
            Call("SetUnitProperties", "sba(sv)", List(new BusWriter().Text(scope.Name).Boolean(true), limits));
        }
    }

    /// <summary>Stops a scope and forgets it; one that is not there, or is somebody else's, is left alone.</summary>
    public void Stop(SystemdScope scope, string description) => Tolerate("NoSuchUnit", () =>
    {
        if (Property(scope, $"{Systemd}.Unit", "Description") == description)
        {
            Await(Call("StopUnit", "ss", new BusWriter().Text(scope.Name).Text("replace")), $"{scope.Name} did not stop");
            Call("ResetFailedUnit", "s", new BusWriter().Text(scope.Name));
        }
    });

    /// <summary>Where the scope's group is, below the mount point of the hierarchy that systemd keeps its units in.</summary>
    public string ControlGroup(SystemdScope scope) => Property(scope, $"{Systemd}.Scope", "ControlGroup");

    public void Dispose() => _bus.Dispose();

    // The signals of jobs are sent to whoever asked for them, by the bus and by systemd.
    private static SystemdUnits Connect(BusConnection bus)
    {
        var units = new SystemdUnits(bus);
        try
        {
            bus.Match($"type='signal',sender='{Systemd}',path='{Root}',interface='{Interface}',member='JobRemoved'");
            units.Call("Subscribe");
            return units;
        }
        catch
        {
            bus.Dispose();
            throw;
        }
    }

    private void Start(SystemdScope scope, IReadOnlyList<UnitProperty> properties)
    {
        var body = List(new BusWriter().Text(scope.Name).Text("fail"), properties).Array(BusWriter.WideAlignment, _ => { });
        Await(Call("StartTransientUnit", "ssa(sv)a(sa(sv))", body), $"{scope.Name} did not start");
    }

    private void Await(BusMessage answer, string complaint)
    {
        var job = new BusReader(answer.Body.Span).Text();
        var result = "";
        _bus.AwaitSignal(signal => IsEnd(signal, job, out result), complaint);
        if (result != "done")
        {
            throw new BusException("", $"{complaint}: its job ended with '{result}'");
        }
    }

    // JobRemoved(u id, o job, s unit, s result)
    private static bool IsEnd(BusMessage signal, string job, out string result)
    {
        result = "";
        if (signal is not { Member: "JobRemoved", Signature: "uoss" })
        {
            return false;
        }

        var reader = new BusReader(signal.Body.Span);
        _ = reader.UInt32();
        if (reader.Text() != job)
        {
            return false;
        }

        _ = reader.Text();
        result = reader.Text();
        return true;
    }

    private int Version() => SystemdScope.VersionNumber(Property(Root, Interface, "Version"));

    private string Property(SystemdScope scope, string type, string name)
    {
        var unit = Call("GetUnit", "s", new BusWriter().Text(scope.Name));
        return Property(new BusReader(unit.Body.Span).Text(), type, name);
    }

    private string Property(string path, string type, string name)
    {
        var body = new BusWriter().Text(type).Text(name);
        var answer = _bus.Call(new BusCall(Systemd, path, "org.freedesktop.DBus.Properties", "Get", "ss", body));
        return new BusReader(answer.Body.Span).VariantText();
    }

    private BusMessage Call(string method, string signature = "", BusWriter? body = null) =>
        _bus.Call(new BusCall(Systemd, Root, Interface, method, signature, body));

    private static BusWriter List(BusWriter writer, IReadOnlyList<UnitProperty> properties) =>
        writer.Array(BusWriter.WideAlignment, elements =>
        {
            foreach (var property in properties)
            {
                property.Write(elements);
            }
        });

    private static void Tolerate(string error, Action call)
    {
        try
        {
            call();
        }
        catch (BusException e) when (e.Error == $"{Systemd}.{error}")
        {
            // Already as it should be.
        }
    }
}
