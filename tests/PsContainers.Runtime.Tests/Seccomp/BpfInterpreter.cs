using System.Buffers.Binary;

namespace PsContainers.Runtime.Tests.Seccomp;

/// <summary>A system call as a filter sees it: struct seccomp_data.</summary>
internal sealed record SyscallData(uint Number, uint Architecture, params ulong[] Arguments)
{
    public uint Word(uint offset)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Architecture);
        for (var i = 0; i < Arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16 + (8 * i)), Arguments[i]);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)offset));
    }
}

/// <summary>Runs the part of classic BPF that filters use, as the kernel's documentation defines it.</summary>
internal static class BpfInterpreter
{
    public static uint Run(byte[] program, SyscallData data)
    {
        var accumulator = 0u;
        for (var at = 0; ;)
        {
            var slot = program.AsSpan(at * 8, 8);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]);
            at++;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(slot))
            {
                case 0x20:
                    accumulator = data.Word(value);
                    break;
                case 0x54:
                    accumulator &= value;
                    break;
                case 0x05:
                    at += (int)value;
                    break;
                case 0x15:
                    at += accumulator == value ? slot[2] : slot[3];
                    break;
                case 0x25:
                    at += accumulator > value ? slot[2] : slot[3];
                    break;
                case 0x35:
                    at += accumulator >= value ? slot[2] : slot[3];
                    break;
                case 0x06:
                    return value;
                default:
                    throw new InvalidOperationException($"opcode {slot[0]:x} at {at - 1}");
            }
        }
    }
}
