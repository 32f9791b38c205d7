using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PsContainers.Launcher.Tests.Bare;

/// <summary>Walks all code that can be reached from a method, and collects what needs a .NET runtime that is up. docs/launcher.md</summary>
internal sealed class BareSubset
{
    // What of the framework is known to compile to plain code: it neither allocates nor touches statics.
    private static readonly HashSet<Type> _plainTypes =
    [
        typeof(Span<>), typeof(ReadOnlySpan<>), typeof(ReadOnlySpan<>.Enumerator), typeof(MemoryExtensions), typeof(MemoryMarshal),
        typeof(Unsafe), typeof(Math), typeof(RuntimeInformation), typeof(RuntimeHelpers),
    ];

    private static readonly Dictionary<OpCode, string> _forbidden = new()
    {
        [OpCodes.Newarr] = "allocates an array",
        [OpCodes.Box] = "boxes",
        [OpCodes.Ldstr] = "uses a string",
        [OpCodes.Throw] = "throws",
        [OpCodes.Rethrow] = "throws",
        [OpCodes.Castclass] = "casts objects",
        [OpCodes.Isinst] = "asks for an object's type",
        [OpCodes.Unbox] = "unboxes",
        [OpCodes.Unbox_Any] = "unboxes",
        [OpCodes.Stsfld] = "writes a static field",
        [OpCodes.Ldvirtftn] = "makes a delegate",
        [OpCodes.Ldftn] = "makes a delegate",
    };

    private readonly HashSet<MethodBase> _seen = [];
    private readonly List<string> _violations = [];
    private readonly HashSet<MethodBase> _exits;

    /// <param name="exits">Methods that leave the bare part on purpose.</param>
    public BareSubset(params MethodBase[] exits) => _exits = [.. exits];

    public IReadOnlyCollection<MethodBase> Seen => _seen;

    public static IReadOnlyList<string> ViolationsFrom(MethodBase entry, params MethodBase[] exits)
    {
        var subset = new BareSubset(exits);
        subset.Visit(entry);
        return subset._violations;
    }

    public void Visit(MethodBase entry)
    {
        var pending = new Stack<MethodBase>([entry]);
        while (pending.TryPop(out var method))
        {
            if (_seen.Add(method) && !_exits.Contains(method))
            {
                Check(method, pending);
            }
        }
    }

    private void Check(MethodBase method, Stack<MethodBase> pending)
    {
        if (method.GetMethodImplementationFlags().HasFlag(MethodImplAttributes.InternalCall) || IsPlain(method.DeclaringType!))
        {
            return;
        }

        if (method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
        {
            CheckForeign((MethodInfo)method);
            return;
        }

        if (method.DeclaringType!.Assembly == typeof(object).Assembly)
        {
            Add(method, "is part of the framework and not known to work without a runtime");
            return;
        }

        if (method.GetMethodBody()?.ExceptionHandlingClauses.Count > 0)
        {
            Add(method, "handles exceptions");
        }

        foreach (var instruction in Instruction.Of(method))
        {
            Check(method, instruction);
            if (instruction.Member is MethodBase called)
            {
                pending.Push(called);
            }
        }
    }

    private void Check(MethodBase method, Instruction instruction)
    {
        if (_forbidden.TryGetValue(instruction.Code, out var complaint))
        {
            Add(method, complaint);
        }

        switch (instruction.Member)
        {
            case ConstructorInfo made when instruction.Code == OpCodes.Newobj && !made.DeclaringType!.IsValueType:
                Add(method, $"allocates a {made.DeclaringType.Name}");
                break;
            case MethodInfo { IsVirtual: true } called when instruction.Code == OpCodes.Callvirt && !called.DeclaringType!.IsValueType:
                Add(method, $"calls {called.DeclaringType.Name}.{called.Name} through an object");
                break;
            case FieldInfo { IsStatic: true } field when field.DeclaringType!.TypeInitializer is not null:
                Add(method, $"reads {field.DeclaringType.Name}.{field.Name}, which a static constructor sets");
                break;
            case MethodBase called when called.DeclaringType is { TypeInitializer: not null } type
                && !IsPlain(type)
                && type.Assembly != typeof(object).Assembly:
                Add(method, $"calls into {type.Name}, which has a static constructor");
                break;
        }
    }

    // Without SuppressGCTransition the call begins by switching the state of a thread object that does not exist yet.
    private void CheckForeign(MethodInfo method)
    {
        if (!method.GetCustomAttributesData().Any(data => data.AttributeType == typeof(SuppressGCTransitionAttribute)))
        {
            Add(method, "is a foreign function without SuppressGCTransition");
        }

        foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
        {
            if (!type.IsPointer && !type.IsPrimitive && !type.IsEnum && type != typeof(void))
            {
                Add(method, $"is a foreign function with a {type.Name}, which must be marshalled");
            }
        }
    }

    private void Add(MethodBase method, string complaint) => _violations.Add($"{method.DeclaringType!.Name}.{method.Name} {complaint}");

    private static bool IsPlain(Type type) => _plainTypes.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
}
