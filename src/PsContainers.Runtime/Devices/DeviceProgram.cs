using System.Buffers.Binary;

namespace PsContainers.Runtime.Devices;

/// <summary>Compiles device rules into an eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE.</summary>
// The kernel asks with struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; }, where access_type is
// access << 16 | kind, and takes 1 for yes. Rules are walked from the last to the first; each settles the accesses it speaks of:
// an allowing rule strikes them off what is asked, a forbidding one answers at once.
public static class DeviceProgram
{
    // linux/bpf.h: BPF_DEVCG_DEV_BLOCK, BPF_DEVCG_DEV_CHAR.
    private const int Block = 1;
    private const int Character = 2;

    // Registers: the verifier gives the context in r1 and wants the answer in r0.
    private const int Answer = 0;
    private const int Context = 1;
    private const int Kind = 2;
    private const int Asked = 3;
    private const int Major = 4;
    private const int Minor = 5;

    /// <returns>An array of struct bpf_insn, eight bytes each, little endian.</returns>
    public static byte[] Compile(DeviceRules rules)
    {
        var program = new List<Instruction>
        {
            new(Opcode.LoadWord, Kind, Context, 0, 0),
            new(Opcode.Move, Asked, Kind, 0, 0),
            new(Opcode.AndImmediate, Kind, 0, 0, 0xFFFF),
            new(Opcode.ShiftRightImmediate, Asked, 0, 0, 16),
            new(Opcode.LoadWord, Major, Context, 4, 0),
            new(Opcode.LoadWord, Minor, Context, 8, 0),
        };

        foreach (var rule in rules.Rules.Reverse())
        {
            AddRule(program, rule);
        }

        AddAnswer(program, rules.AllowByDefault);
        return Encode(program);
    }

    private static void AddRule(List<Instruction> program, DeviceRule rule)
    {
        var start = program.Count;
        program.Add(new(Opcode.JumpIfNotEqual, Kind, 0, 0, rule.Kind == 'b' ? Block : Character));
        if (rule.Major is { } major)
        {
            program.Add(new(Opcode.JumpIfNotEqual, Major, 0, 0, unchecked((int)major)));
        }

        if (rule.Minor is { } minor)
        {
            program.Add(new(Opcode.JumpIfNotEqual, Minor, 0, 0, unchecked((int)minor)));
        }

        if (rule.Allow)
        {
            program.Add(new(Opcode.AndImmediate, Asked, 0, 0, ~(int)rule.Access));
            program.Add(new(Opcode.JumpIfNotEqual, Asked, 0, 0, 0));
        }
        else
        {
            // There is no "jump unless a bit is set", hence the hop over the jump that leaves the rule.
            program.Add(new(Opcode.JumpIfSet, Asked, 0, 1, (int)rule.Access));
            program.Add(new(Opcode.Jump, 0, 0, 0, 0));
        }

        AddAnswer(program, rule.Allow);

        // All jumps of the rule without a target yet lead to the next rule.
        for (var i = start; i < program.Count; i++)
        {
            if (program[i].Opcode is Opcode.JumpIfNotEqual or Opcode.Jump)
            {
                program[i] = program[i] with { Offset = (short)(program.Count - i - 1) };
            }
        }
    }

    private static void AddAnswer(List<Instruction> program, bool allow)
    {
        program.Add(new(Opcode.MoveImmediate, Answer, 0, 0, allow ? 1 : 0));
        program.Add(new(Opcode.Exit, 0, 0, 0, 0));
    }

    private static byte[] Encode(List<Instruction> program)
    {
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var instruction = program[i];
            var slot = bytes.AsSpan(i * 8, 8);
            slot[0] = (byte)instruction.Opcode;
            slot[1] = (byte)(instruction.Source << 4 | instruction.Destination);
            BinaryPrimitives.WriteInt16LittleEndian(slot[2..], instruction.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(slot[4..], instruction.Immediate);
        }

        return bytes;
    }

    private readonly record struct Instruction(Opcode Opcode, int Destination, int Source, short Offset, int Immediate);

    // linux/bpf.h; arithmetic and comparisons on 32 bits, which is what the context holds.
    private enum Opcode : byte
    {
        LoadWord = 0x61, // BPF_LDX | BPF_MEM | BPF_W
        Move = 0xBC, // BPF_ALU | BPF_MOV | BPF_X
        MoveImmediate = 0xB4, // BPF_ALU | BPF_MOV | BPF_K
        AndImmediate = 0x54, // BPF_ALU | BPF_AND | BPF_K
        ShiftRightImmediate = 0x74, // BPF_ALU | BPF_RSH | BPF_K
        Jump = 0x05, // BPF_JMP | BPF_JA
        JumpIfNotEqual = 0x56, // BPF_JMP32 | BPF_JNE | BPF_K
        JumpIfSet = 0x46, // BPF_JMP32 | BPF_JSET | BPF_K
        Exit = 0x95, // BPF_JMP | BPF_EXIT
    }
}
