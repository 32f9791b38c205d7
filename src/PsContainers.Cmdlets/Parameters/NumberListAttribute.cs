using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>Takes <c>'0-3,7'</c>, and what PowerShell makes of it without quotes: the list 0, 1 of <c>0,1</c>, the number 2.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberListAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Unwrap(inputData);
        return value is string || value is not IEnumerable items ? TextOf(value) : string.Join(',', items.Cast<object?>().Select(TextOf));
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string TextOf(object? value) => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture) ?? "";
}
