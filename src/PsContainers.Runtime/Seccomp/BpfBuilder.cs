using System.Buffers.Binary;

namespace PsContainers.Runtime.Seccomp;

/// <summary>Builds a classic BPF program from its end to its start. https://docs.kernel.org/networking/filter.html</summary>
// A conditional jump reaches 255 instructions ahead and none back. Built backwards, every target is known when a jump to it is made:
// what is out of reach gets a stepping stone there and then (a copy of the return, or an unconditional jump, which reaches anywhere).
internal sealed class BpfBuilder
{
    // Placing a jump's second target can push the first one further away.
    private const int Reach = 250;

    private readonly List<Instruction> _reversed = [];
    private readonly Dictionary<uint, int> _returns = [];

    public int Count => _reversed.Count;

    public static Target Return(uint value) => new(Position: -1, value);

    public Target Jump(BpfTest test, uint value, Target yes, Target no)
    {
        var yesAt = Place(yes);
        var noAt = Place(no);
        return Add(new((ushort)test, value, (byte)(Count - 1 - yesAt), (byte)(Count - 1 - noAt)));
    }

    /// <summary>Loads a word of struct seccomp_data and goes on with what follows, which tests it.</summary>
    public Target Load(uint offset, Target following)
    {
        Lead(following);
        return Add(new(0x20 /* BPF_LD | BPF_W | BPF_ABS */, offset));
    }

    public Target Mask(uint mask, Target following)
    {
        Lead(following);
        return Add(new(0x54 /* BPF_ALU | BPF_AND | BPF_K */, mask));
    }

    /// <summary>The program that starts at the target: an array of struct sock_filter, eight bytes each, little endian.</summary>
    public byte[] Encode(Target start)
    {
        Lead(start);
        var bytes = new byte[Count * 8];
        for (var i = 0; i < Count; i++)
        {
            var instruction = _reversed[Count - 1 - i];
            var slot = bytes.AsSpan(i * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(slot, instruction.Code);
            slot[2] = instruction.Yes;
            slot[3] = instruction.No;
            BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], instruction.Value);
        }

        return bytes;
    }

    // Makes the target the next instruction to run.
    private void Lead(Target target)
    {
        if (target.IsReturn)
        {
            AddReturn(target.Value);
        }
        else if (target.Position != Count - 1)
        {
            AddLongJump(target.Position);
        }
    }

    private int Place(Target target)
    {
        var position = target.IsReturn ? _returns.GetValueOrDefault(target.Value, -1) : target.Position;
        if (position >= 0 && Count - position < Reach)
        {
            return position;
        }

        return target.IsReturn ? AddReturn(target.Value) : AddLongJump(target.Position);
    }

    private int AddReturn(uint value)
    {
        var position = Add(new(0x06 /* BPF_RET | BPF_K */, value)).Position;
        _returns[value] = position;
        return position;
    }

    private int AddLongJump(int position) => Add(new(0x05 /* BPF_JMP | BPF_JA */, (uint)(Count - 1 - position))).Position;

    private Target Add(Instruction instruction)
    {
        _reversed.Add(instruction);
        return new Target(Count - 1, 0);
    }

    /// <summary>Where a jump leads: a place in the program, counted from its end, or a return wherever one is near.</summary>
    public readonly record struct Target(int Position, uint Value)
    {
        public bool IsReturn => Position < 0;
    }

    private readonly record struct Instruction(ushort Code, uint Value, byte Yes = 0, byte No = 0);
}

/// <summary>The tests of a conditional jump, all unsigned.</summary>
internal enum BpfTest : ushort
{
    Equal = 0x15, // BPF_JMP | BPF_JEQ | BPF_K
    Greater = 0x25, // BPF_JMP | BPF_JGT | BPF_K
    GreaterOrEqual = 0x35, // BPF_JMP | BPF_JGE | BPF_K
}
