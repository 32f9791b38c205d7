using System.Text;
using System.Text.Json;
using PsContainers.Oci.Distribution;

namespace PsContainers.Images.Registry.Http;

/// <summary>Reads what comes with an answer, never more than it should be.</summary>
internal static class AnswerBody
{
    private const int MaximumError = 64 * 1024;
    private const int MaximumQuote = 300;

    internal static async Task<byte[]> ReadAsync(
        HttpResponseMessage response, int maximum, RegistrySettings settings, CancellationToken stop)
    {
        if (response.Content.Headers.ContentLength is { } length && length > maximum)
        {
            throw new RegistryFault($"its answer has {length} bytes, more than the {maximum} that are read");
        }

        var (bytes, isWhole) = await ReadUpToAsync(response, maximum, settings, stop).ConfigureAwait(false);
        return isWhole ? bytes : throw new RegistryFault($"its answer has more than the {maximum} bytes that are read");
    }

    /// <summary>What the registry says about a request that it refused, its own words included, as far as they are ones.</summary>
    internal static async Task<RegistryFault> FaultAsync(
        HttpResponseMessage response, Secrets secrets, RegistrySettings settings, CancellationToken stop)
    {
        var words = "";
        string? code = null;
        try
        {
            var (bytes, _) = await ReadUpToAsync(response, MaximumError, settings, stop).ConfigureAwait(false);
            (words, code) = WordsOf(response, bytes);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status is what counts.
            words = "its explanation was cut off";
        }

        var hidden = secrets.Hide(words).Trim();
        var quote = hidden.Length <= MaximumQuote ? hidden : $"{hidden[..MaximumQuote]}…";
        var status = $"it answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return new(quote.Length == 0 ? status : $"{status} ({quote})") { Status = response.StatusCode, Code = code };
    }

    private static (string Words, string? Code) WordsOf(HttpResponseMessage response, byte[] bytes)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        try
        {
            return WordsOf(JsonSerializer.Deserialize(bytes, DistributionJson.Default.ErrorList));
        }
        catch (JsonException)
        {
            // A page for people is not for a terminal.
            return (type == "text/plain" ? Encoding.UTF8.GetString(bytes) : bytes.Length == 0 ? "" : type ?? "", null);
        }
    }

    private static (string Words, string? Code) WordsOf(ErrorList? list)
    {
        var errors = list?.Errors?.OfType<DistributionError>().ToList() ?? [];
        return errors.Count == 0
            ? (list?.Message ?? list?.ErrorDescription ?? "", null)
            : (string.Join("; ", errors.Select(error => $"{error.Code}: {error.Message}")), errors[0].Code);
    }

    private static async Task<(byte[] Bytes, bool IsWhole)> ReadUpToAsync(
        HttpResponseMessage response, int maximum, RegistrySettings settings, CancellationToken stop)
    {
        using var watchdog = new Watchdog(settings, stop);
        using var bytes = new MemoryStream();
        var stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await ReadAsync(stream, buffer, watchdog).ConfigureAwait(false);
            if (read == 0 || bytes.Length + read > maximum)
            {
                return (bytes.ToArray(), read == 0);
            }

            bytes.Write(buffer, 0, read);
        }
    }

    private static async Task<int> ReadAsync(Stream stream, byte[] buffer, Watchdog watchdog)
    {
        try
        {
            return await watchdog.WatchAsync(token => stream.ReadAsync(buffer, token)).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new CutAnswerException(e);
        }
    }
}
