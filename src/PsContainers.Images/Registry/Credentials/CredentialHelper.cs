using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsContainers.Images.Registry.Credentials;

/// <summary>Keeps credentials: `docker-credential-‹name›` with `get`, `store` or `erase`, and JSON on its streams.</summary>
/// <remarks>https://github.com/docker/docker-credential-helpers</remarks>
internal sealed class CredentialHelper
{
    // What stands for the user when the secret is an identity token.
    private const string TokenUser = "<token>";
    private const int MaximumOutput = 1024 * 1024;

    // It may ask the user for the password of a key ring.
    private static readonly TimeSpan _usualPatience = TimeSpan.FromMinutes(2);

    private readonly string _program;
    private readonly TimeSpan _patience;

    private CredentialHelper(string name, TimeSpan patience) => (_program, _patience) = ($"docker-credential-{name}", patience);

    /// <param name="file">Where the name was found.</param>
    /// <param name="patience">How long it may run.</param>
    internal static CredentialHelper Named(string name, string file, TimeSpan? patience = null) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? new(name, patience ?? _usualPatience)
            : throw new CredentialException($"{file}: '{name}' cannot be the name of a credential helper");

    /// <summary>Null when the helper has none.</summary>
    internal async Task<Credential?> GetAsync(string server, CancellationToken stop)
    {
        var (code, output) = await RunAsync("get", server, stop).ConfigureAwait(false);
        if (code != 0)
        {
            return IsMissing(output) ? null : throw Failure("get", code, output);
        }

        var answer = Parse(output);
        var (user, secret) = (Text(answer, "Username"), Text(answer, "Secret"));
        return string.IsNullOrEmpty(secret) ? null
            : user == TokenUser ? new(user, null) { IdentityToken = secret }
            : new(user ?? "", secret);
    }

    internal async Task StoreAsync(string server, Credential credential, CancellationToken stop)
    {
        var input = new JsonObject
        {
            ["ServerURL"] = server,
            ["Username"] = credential.IdentityToken is null ? credential.UserName : TokenUser,
            ["Secret"] = credential.IdentityToken ?? credential.Password,
        };
        var (code, output) = await RunAsync("store", input.ToJsonString(), stop).ConfigureAwait(false);
        if (code != 0)
        {
            throw Failure("store", code, output);
        }
    }

    /// <summary>False when the helper had none.</summary>
    internal async Task<bool> EraseAsync(string server, CancellationToken stop)
    {
        var (code, output) = await RunAsync("erase", server, stop).ConfigureAwait(false);
        return code == 0 || (IsMissing(output) ? false : throw Failure("erase", code, output));
    }

    private static bool IsMissing(string output) => output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonObject answer, string name) =>
        answer[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private JsonObject Parse(string output)
    {
        try
        {
            return ForeignJson.Parse(Encoding.UTF8.GetBytes(output)) as JsonObject
                ?? throw new CredentialException($"{_program} get: its answer is no JSON object");
        }
        catch (JsonException)
        {
            // Not quoted: what is wrong with it may be beside a password.
            throw new CredentialException($"{_program} get: its answer is not JSON");
        }
    }

    private CredentialException Failure(string operation, int code, string output) =>
        new($"{_program} {operation} ended with code {code}: {(output.Length <= 300 ? output : output[..300]).Trim()}");

    private async Task<(int Code, string Output)> RunAsync(string operation, string input, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(_patience);
        using var process = Start(operation);
        try
        {
            var output = ReadAsync(process.StandardOutput, timeout.Token);
            await WriteAsync(process.StandardInput, input, timeout.Token).ConfigureAwait(false);
            var text = await output.ConfigureAwait(false);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            return (process.ExitCode, text);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new CredentialException($"{_program} {operation} did not end within {_patience.TotalSeconds} seconds");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(string operation)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(_program, operation)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new CredentialException($"{_program} cannot be started: {e.Message}");
        }
    }

    // One that ends without reading has said why by its code.
    private static async Task WriteAsync(StreamWriter stream, string input, CancellationToken stop)
    {
        try
        {
            await stream.WriteAsync(input.AsMemory(), stop).ConfigureAwait(false);
            stream.Close();
        }
        catch (IOException)
        {
        }
    }

    private static async Task<string> ReadAsync(StreamReader stream, CancellationToken stop)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        for (int read; text.Length < MaximumOutput && (read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0;)
        {
            text.Append(buffer, 0, read);
        }

        return text.ToString();
    }
}
