using System.Collections;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>Takes a hashtable of names and addresses, or <c>NAME:ADDRESS</c> as <c>docker run --add-host</c> does.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HostLinesAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var lines = new Dictionary<string, string>();
        foreach (var item in Unwrapped.Items(inputData))
        {
            if (item is IDictionary table)
            {
                foreach (DictionaryEntry entry in table)
                {
                    lines[LanguagePrimitives.ConvertTo<string>(entry.Key)] = LanguagePrimitives.ConvertTo<string>(entry.Value);
                }

                continue;
            }

            // The first one: an IPv6 address has more of them.
            var text = item as string ?? "";
            var separator = text.IndexOfAny([':', '=']);
            if (separator <= 0)
            {
                throw new ArgumentTransformationMetadataException(
                    $"'{item}' is not NAME:ADDRESS; give strings of that form or a hashtable");
            }

            lines[text[..separator]] = text[(separator + 1)..].Trim('[', ']');
        }

        return lines;
    }
}
