using System.Reflection;

namespace PsContainers.Launcher.Tests.Bare;

/// <summary>
/// The launcher's `main` runs before the .NET runtime: what of it needs one would read zeros or crash, on a user's machine, in some
/// branch.
/// </summary>
public sealed class BareSubsetTests
{
    private static readonly Type _entryPoint =
        Assembly.Load("psc-runtime").GetType("PsContainers.Launcher.EntryPoint", throwOnError: true)!;

    private static MethodInfo Entry => Private(_entryPoint, "Start");

    private static MethodInfo Exit => Private(_entryPoint, "ManagedMain");

    [Fact]
    public void Nothing_reachable_from_main_needs_the_runtime() => Assert.Empty(BareSubset.ViolationsFrom(Entry, Exit));

    // Until main reaches it.
    [Fact]
    public void Nothing_reachable_from_moving_a_link_needs_the_runtime() => Assert.Empty(BareSubset.ViolationsFrom(Private(
        Assembly.Load("PsContainers.Linux").GetType("PsContainers.Linux.Bare.NetworkDevices", throwOnError: true)!, "MoveToProcess")));

    [Fact]
    public void Walk_reaches_the_container_and_its_last_step()
    {
        var subset = new BareSubset(Exit);

        subset.Visit(Entry);

        var reached = subset.Seen.Select(method => $"{method.DeclaringType!.Name}.{method.Name}").ToHashSet();
        Assert.Superset(
            new HashSet<string>(
                ["SupervisorLoop.Run", "ContainerProcess.Run", "CommandSearch.Execute", "UserDatabase.Find", "Kernel.syscall"]),
            reached);
    }

    [Theory]
    [InlineData(nameof(Samples.Allocate), "allocates a Object")]
    [InlineData(nameof(Samples.MakeArray), "allocates an array")]
    [InlineData(nameof(Samples.Throw), "throws")]
    [InlineData(nameof(Samples.Box), "boxes")]
    [InlineData(nameof(Samples.UseText), "uses a string")]
    [InlineData(nameof(Samples.ReadStatic), "which a static constructor sets")]
    [InlineData(nameof(Samples.Catch), "handles exceptions")]
    [InlineData(nameof(Samples.AskFramework), "not known to work without a runtime")]
    [InlineData(nameof(Samples.GoDeeper), "allocates an array")]
    public void What_needs_the_runtime_is_found(string sample, string complaint) => Assert.Contains(
        BareSubset.ViolationsFrom(Private(typeof(Samples), sample)), violation => violation.Contains(complaint, StringComparison.Ordinal));

    private static MethodInfo Private(Type type, string name) =>
        type.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic) ?? throw new MissingMethodException(type.Name, name);

    private static class Samples
    {
        private static readonly int _set = Environment.ProcessId;

        internal static object Allocate() => new();

        internal static int[] MakeArray() => new int[2];

        internal static void Throw() => throw null!;

        internal static bool Box(ValueType left, int right) => left.Equals(right);

        internal static string UseText() => "text";

        internal static int ReadStatic() => _set;

        internal static int AskFramework() => Environment.TickCount;

        internal static int[] GoDeeper() => MakeArray();

        internal static int Catch(int number)
        {
            try
            {
                return number / number;
            }
            finally
            {
                number++;
            }
        }
    }
}
