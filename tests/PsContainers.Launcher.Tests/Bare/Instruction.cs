using System.Reflection;
using System.Reflection.Emit;

namespace PsContainers.Launcher.Tests.Bare;

/// <summary>One instruction of a method's intermediate language, with the member that it names. ECMA-335, partition III.</summary>
internal sealed record Instruction(OpCode Code, MemberInfo? Member)
{
    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IEnumerable<Instruction> Of(MethodBase method)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < bytes.Length;)
        {
            var code = bytes[at] == 0xfe ? _codes[(short)(0xfe00 | bytes[at + 1])] : _codes[bytes[at]];
            at += code.Size;
            var member = code.OperandType is OperandType.InlineMethod or OperandType.InlineField
                or OperandType.InlineType or OperandType.InlineTok
                ? Resolve(method, BitConverter.ToInt32(bytes, at))
                : null;
            yield return new Instruction(code, member);
            at += code.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(bytes, at)) : SizeOf(code.OperandType);
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
