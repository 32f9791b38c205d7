using System.Buffers.Binary;

namespace PsContainers.Runtime.Tests.Devices;

/// <summary>Runs the part of eBPF that device programs use, as the kernel's documentation defines it.</summary>
internal static class DeviceProgramInterpreter
{
    public static bool Run(byte[] program, uint accessType, uint major, uint minor)
    {
        var context = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(context, accessType);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(4), major);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(8), minor);
        var registers = new uint[11];
        for (var at = 0; ;)
        {
            var slot = program.AsSpan(at * 8, 8);
            var (to, from) = (slot[1] & 15, slot[1] >> 4);
            var offset = BinaryPrimitives.ReadInt16LittleEndian(slot[2..]);
            var immediate = BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]);
            at++;
            switch (slot[0])
            {
                case 0x61:
                    Assert.Equal(1, from);
                    registers[to] = BinaryPrimitives.ReadUInt32LittleEndian(context.AsSpan(offset));
                    break;
                case 0xBC:
                    registers[to] = registers[from];
                    break;
                case 0xB4:
                    registers[to] = immediate;
                    break;
                case 0x54:
                    registers[to] &= immediate;
                    break;
                case 0x74:
                    registers[to] >>= (int)immediate;
                    break;
                case 0x05:
                    at += offset;
                    break;
                case 0x56:
                    at += registers[to] != immediate ? offset : 0;
                    break;
                case 0x46:
                    at += (registers[to] & immediate) != 0 ? offset : 0;
                    break;
                case 0x95:
                    Assert.InRange(registers[0], 0u, 1u);
                    return registers[0] == 1;
                default:
                    throw new InvalidOperationException($"opcode {slot[0]:x} at {at - 1}");
            }
        }
    }
}
