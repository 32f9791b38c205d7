using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PsContainers.Runtime.Launch;

/// <summary>Collects a plan's texts and arrays behind its fixed-size head; hands out their offsets.</summary>
internal sealed class PlanWriter(int headSize)
{
    private byte[] _bytes = new byte[Math.Max(16 * 1024, headSize * 2)];

    internal int Length { get; private set; } = headSize;

    /// <summary>A NUL-terminated UTF-8 text; 0 for null.</summary>
    /// <exception cref="InvalidSettingException">A NUL inside the text: the kernel would cut it there.</exception>
    internal uint Text(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        if (text.Contains('\0'))
        {
            throw new InvalidSettingException(
                "config.json", $"'{text.Replace("\0", "\\0", StringComparison.Ordinal)}' contains a NUL character");
        }

        var offset = Reserve(Encoding.UTF8.GetByteCount(text) + 1);
        Encoding.UTF8.GetBytes(text, _bytes.AsSpan(offset));
        return (uint)offset;
    }

    internal uint Blob(ReadOnlySpan<byte> content)
    {
        Align();
        var offset = Reserve(content.Length);
        content.CopyTo(_bytes.AsSpan(offset));
        return (uint)offset;
    }

    /// <summary>An array of 64-bit text offsets with room behind it for a terminator and one entry more.</summary>
    internal uint Texts(IReadOnlyList<string> texts)
    {
        var offsets = new ulong[texts.Count + 2];
        for (var i = 0; i < texts.Count; i++)
        {
            offsets[i] = Text(texts[i]);
        }

        return Blob(MemoryMarshal.AsBytes(offsets.AsSpan()));
    }

    /// <summary>An array of steps with all they refer to; 0 when there are none.</summary>
    internal uint Steps(IReadOnlyList<LaunchStep> steps)
    {
        if (steps.Count == 0)
        {
            return 0;
        }

        Align();
        var size = Unsafe.SizeOf<PlanStep>();
        var offset = Reserve(steps.Count * size);
        for (var i = 0; i < steps.Count; i++)
        {
            steps[i].Encode(this, offset + (i * size));
        }

        return (uint)offset;
    }

    internal void Put<T>(int offset, in T value)
        where T : unmanaged => MemoryMarshal.Write(_bytes.AsSpan(offset), in value);

    internal ReadOnlySpan<byte> Content => _bytes.AsSpan(0, Length);

    private void Align() => Reserve(-Length & 7);

    private int Reserve(int count)
    {
        var offset = Length;
        Length += count;
        if (Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length, _bytes.Length * 2));
        }

        return offset;
    }
}
