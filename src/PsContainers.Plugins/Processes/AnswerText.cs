using System.Text;
using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Processes;

/// <summary>Turns what a process answered into what the contract knows.</summary>
internal static class AnswerText
{
    private static readonly JsonDocumentOptions _strictly = new() { AllowDuplicateProperties = false };

    /// <exception cref="PluginFailure">It is not JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> text, string method)
    {
        try
        {
            return JsonDocument.Parse(text, _strictly);
        }
        catch (JsonException e)
        {
            var shown = Encoding.UTF8.GetString(text.Span[..Math.Min(text.Length, 512)]);
            throw new PluginFailure($"answered {method} with what is not JSON: {Abridged.Of(shown)}", e);
        }
    }

    /// <exception cref="DriverException">It has another shape than the contract asks for.</exception>
    public static TAnswer Read<TQuestion, TAnswer>(string plugin, DriverMethod<TQuestion, TAnswer> method, JsonElement result)
    {
        if (result.ValueKind == JsonValueKind.Null && new Done() is TAnswer done)
        {
            return done; // what a method sends that returns nothing
        }

        return JsonShape.FirstMismatch(result, method.Answer) is { } mismatch
            ? throw new DriverException($"plugin {plugin} answered {method.Name} with {mismatch}", DriverErrorKind.Failed, mismatch.Field)
            : result.Deserialize(method.Answer)!;
    }

    /// <summary>The exception that a driver would have thrown here.</summary>
    /// <exception cref="PluginFailure">The error itself has another shape than the contract asks for.</exception>
    public static DriverException Error(string method, JsonElement error)
    {
        if (JsonShape.FirstMismatch(error, MessageJson.Default.DriverError) is { } mismatch)
        {
            throw new PluginFailure($"answered {method} with an error whose {mismatch}");
        }

        var read = error.Deserialize(MessageJson.Default.DriverError)!;
        return new DriverException(
            Abridged.Of(read.Message, Abridged.LongestMessage), read.Kind, read.Field is null ? null : Abridged.Of(read.Field));
    }
}
