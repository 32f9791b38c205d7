namespace PsContainers.Fuzz;

/// <summary>Chance that a seed repeats.</summary>
internal sealed class Chance(int seed)
{
#pragma warning disable CA5394 // to be repeated, not to be secret
    private readonly Random _random = new(seed);

    /// <summary>At least 0 and less than the limit.</summary>
    public int Below(int limit) => _random.Next(limit);

    public bool OneIn(int count) => _random.Next(count) == 0;

    public T Of<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public byte Byte() => (byte)_random.Next(256);

    public char Of(string characters) => characters[_random.Next(characters.Length)];

    /// <summary>Small numbers are likelier, all up to the limit possible.</summary>
    public int Length(int limit) => _random.Next(1 + _random.Next(limit + 1));

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
#pragma warning restore CA5394
}
