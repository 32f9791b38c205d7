using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Seccomp;

/// <summary>Compiles a condition on a 64-bit argument into tests of its two 32-bit halves, all that classic BPF can load.</summary>
internal static class ArgumentTest
{
    // struct seccomp_data { int nr; u32 arch; u64 instruction_pointer; u64 args[6]; }, little endian.
    private const uint FirstArgument = 16;

    /// <returns>Where the test starts; it leads to <paramref name="yes"/> or <paramref name="no"/>.</returns>
    public static BpfBuilder.Target Add(BpfBuilder program, LinuxSeccompArg condition, BpfBuilder.Target yes, BpfBuilder.Target no) =>
        condition.Op switch
        {
            SeccompOperator.EqualTo => AddEqual(program, condition.Index, ulong.MaxValue, condition.Value, yes, no),
            SeccompOperator.NotEqual => AddEqual(program, condition.Index, ulong.MaxValue, condition.Value, yes: no, no: yes),
            SeccompOperator.MaskedEqual => AddEqual(program, condition.Index, condition.Value, condition.ValueTwo, yes, no),
            SeccompOperator.GreaterThan => AddOrder(program, BpfTest.Greater, condition, yes, no),
            SeccompOperator.GreaterEqual => AddOrder(program, BpfTest.GreaterOrEqual, condition, yes, no),
            SeccompOperator.LessThan => AddOrder(program, BpfTest.GreaterOrEqual, condition, yes: no, no: yes),
            SeccompOperator.LessEqual => AddOrder(program, BpfTest.Greater, condition, yes: no, no: yes),
            _ => throw new InvalidSettingException("linux.seccomp.syscalls.args.op", $"unknown operator {condition.Op}"),
        };

    private static BpfBuilder.Target AddEqual(
        BpfBuilder program, uint index, ulong mask, ulong value, BpfBuilder.Target yes, BpfBuilder.Target no)
    {
        var low = AddHalf(program, Low(index), (uint)mask, (uint)value, yes, no);
        return AddHalf(program, High(index), (uint)(mask >> 32), (uint)(value >> 32), low, no);
    }

    private static BpfBuilder.Target AddHalf(
        BpfBuilder program, uint offset, uint mask, uint value, BpfBuilder.Target yes, BpfBuilder.Target no)
    {
        // Nothing of this half is looked at.
        if (mask == 0)
        {
            return value == 0 ? yes : no;
        }

        var test = program.Jump(BpfTest.Equal, value, yes, no);
        return program.Load(offset, mask == uint.MaxValue ? test : program.Mask(mask, test));
    }

    private static BpfBuilder.Target AddOrder(
        BpfBuilder program, BpfTest test, LinuxSeccompArg condition, BpfBuilder.Target yes, BpfBuilder.Target no)
    {
        // Every number is at least nought: the way to write "otherwise" in a profile.
        if (test == BpfTest.GreaterOrEqual && condition.Value == 0)
        {
            return yes;
        }

        var high = (uint)(condition.Value >> 32);
        var low = program.Load(Low(condition.Index), program.Jump(test, (uint)condition.Value, yes, no));
        var same = program.Jump(BpfTest.Equal, high, low, no);
        return program.Load(High(condition.Index), program.Jump(BpfTest.Greater, high, yes, same));
    }

    private static uint Low(uint index) => FirstArgument + (8 * index);

    private static uint High(uint index) => Low(index) + 4;
}
