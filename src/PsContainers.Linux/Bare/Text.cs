namespace PsContainers.Linux.Bare;

/// <summary>An append-only, NUL-terminated UTF-8 text in the caller's memory; what does not fit is cut and noted.</summary>
internal unsafe ref struct Text(byte* buffer, int capacity)
{
    private readonly byte* _buffer = buffer;
    private readonly int _capacity = capacity;

    internal int Length { get; private set; }

    /// <summary>Something did not fit: the text must not be used as a path.</summary>
    internal bool IsCut { get; private set; }

    internal readonly byte* Pointer => _buffer;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        var room = _capacity - 1 - Length;
        if (bytes.Length > room)
        {
            bytes = bytes[..room];
            IsCut = true;
        }

        bytes.CopyTo(new Span<byte>(_buffer + Length, bytes.Length));
        Length += bytes.Length;
        _buffer[Length] = 0;
    }

    internal void Add(byte* text) => Add(Kernel.Span(text));

    internal void Add(long value)
    {
        var digits = stackalloc byte[20];
        var at = 20;
        var rest = value < 0 ? (ulong)-value : (ulong)value;
        do
        {
            digits[--at] = (byte)('0' + (rest % 10));
            rest /= 10;
        }
        while (rest > 0);
        if (value < 0)
        {
            Add("-"u8);
        }

        Add(new ReadOnlySpan<byte>(digits + at, 20 - at));
    }

    /// <summary>A number with leading zeros to the given width, as dates and times have it.</summary>
    internal void AddPadded(long value, int width)
    {
        var digits = stackalloc byte[20];
        for (var i = width - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        Add(new ReadOnlySpan<byte>(digits, width));
    }
}
