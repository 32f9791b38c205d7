using PsContainers.Fuzz.Targets;

namespace PsContainers.Fuzz;

/// <summary>Code that takes what strangers wrote, and what has to be true of it whatever that is.</summary>
internal abstract class FuzzTarget : IDisposable
{
    /// <summary>Longest input. Whatever is not longer has to be done with in seconds.</summary>
    public const int MaximumLength = 64 * 1024;

    public static IReadOnlyList<string> Names { get; } = ["Layers", "Archives", "Documents", "Answers", "References", "Settings"];

    /// <summary>Good inputs to begin with, made by the project's own writers.</summary>
    public abstract IReadOnlyList<byte[]> Seeds();

    /// <summary>Another input, made of one or two.</summary>
    public abstract byte[] Mutate(byte[] input, byte[] other, Chance chance);

    /// <summary>Has the code take the input.</summary>
    /// <returns>What came of it in words without the input's own: inputs with which new words come are mutated further.</returns>
    /// <exception cref="Exception">Any is a defect, except that an <see cref="OracleException"/> says which.</exception>
    public abstract string Run(byte[] input);

    /// <param name="scratch">A folder that the target may fill.</param>
    public static FuzzTarget Make(string name, string scratch) => name switch
    {
        "Layers" => new LayerTarget(scratch),
        "Archives" => new ArchiveTarget(scratch),
        "Documents" => new DocumentTarget(scratch),
        "Answers" => new AnswerTarget(),
        "References" => new ReferenceTarget(),
        "Settings" => new SettingsTarget(scratch),
        _ => throw new ArgumentException("no such target", nameof(name)),
    };

    /// <summary>Of an input whose first byte says what the rest is.</summary>
    protected static byte KindOf(byte[] input) => input.FirstOrDefault();

    /// <summary>What follows the first byte.</summary>
    protected static byte[] ContentOf(byte[] input) => input.AsSpan(Math.Min(1, input.Length)).ToArray();

    public virtual void Dispose()
    {
    }
}
