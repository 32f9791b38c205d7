using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Linux;

namespace PsContainers.Images.Registry.Credentials;

/// <summary>A file of credentials, as `podman login` and `docker login` write them. Members that are unknown here stay in it.</summary>
/// <remarks>
/// {"auths": {"registry.example/team": {"auth": "‹base64 of user:password›"}}, "credHelpers": {"registry.example": "pass"}}
/// containers-auth.json(5)
/// </remarks>
public sealed class AuthFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public string Path { get; } = path;

    internal async Task<Credential?> FindAsync(string repository, CancellationToken stop)
    {
        var content = Read();
        if (Helper(content, repository) is { } helper)
        {
            foreach (var server in RegistryKey.HelperServers(repository))
            {
                if (await helper.GetAsync(server, stop).ConfigureAwait(false) is { } credential)
                {
                    return credential;
                }
            }
        }

        return Section(content, "auths") is { } auths && RegistryKey.Find(auths.Select(auth => auth.Key), repository) is { } key
            ? Decode(auths[key] as JsonObject, key)
            : null;
    }

    internal async Task StoreAsync(string repository, Credential credential, CancellationToken stop)
    {
        if (Helper(Read(), repository) is { } helper)
        {
            await helper.StoreAsync(RegistryKey.HelperServers(repository)[0], credential, stop).ConfigureAwait(false);
            return;
        }

        await ChangeAsync(content =>
        {
            var auths = Section(content, "auths") ?? (JsonObject)(content["auths"] = new JsonObject());
            auths[RegistryKey.StoredAs(auths.Select(auth => auth.Key), repository)] = Encode(credential);
            return true;
        }, stop).ConfigureAwait(false);
    }

    internal async Task<bool> EraseAsync(string repository, CancellationToken stop)
    {
        var content = Read();
        var isErased = false;
        if (Helper(content, repository) is { } helper)
        {
            foreach (var server in RegistryKey.HelperServers(repository))
            {
                isErased |= await helper.EraseAsync(server, stop).ConfigureAwait(false);
            }
        }

        return await ChangeAsync(
            changed => Section(changed, "auths") is { } auths
                && auths.Remove(RegistryKey.StoredAs(auths.Select(auth => auth.Key), repository)),
            stop).ConfigureAwait(false) || isErased;
    }

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

    private static JsonObject Encode(Credential credential)
    {
        var entry = new JsonObject
        {
            ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}")),
        };
        if (credential.IdentityToken is { } token)
        {
            entry["identitytoken"] = token;
        }

        return entry;
    }

    private static JsonObject? Section(JsonObject content, string name) => content[name] as JsonObject;

    private static string? Text(JsonObject? entry, string name) =>
        entry?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private CredentialHelper? Helper(JsonObject content, string repository)
    {
        var registry = RegistryKey.RegistryOf(repository);
        var name = Text(Section(content, "credHelpers"), registry) ?? Text(content, "credsStore");
        return name is null ? null : CredentialHelper.Named(name, Path);
    }

    private Credential? Decode(JsonObject? entry, string key)
    {
        var (user, password) = (Text(entry, "username"), Text(entry, "password"));
        if (Text(entry, "auth") is { } auth)
        {
            // Docker ends what it writes with NULs at times.
            var pair = TryDecode(auth)?.TrimEnd('\0').Split(':', 2);
            (user, password) = pair is [_, _]
                ? (pair[0], pair[1])
                : throw new CredentialException($"{Path}: the entry of {key} cannot be read");
        }

        var (identity, registry) = (Text(entry, "identitytoken"), Text(entry, "registrytoken"));
        return user is null && identity is null && registry is null
            ? null
            : new(user ?? "", string.IsNullOrEmpty(password) ? null : password) { IdentityToken = identity, RegistryToken = registry };
    }

    private static string? TryDecode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private JsonObject Read()
    {
        try
        {
            var bytes = File.ReadAllBytes(Path);
            return bytes.Length == 0 ? []
                : ForeignJson.Parse(bytes) as JsonObject ?? throw new CredentialException($"{Path} is not a file of credentials");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException e)
        {
            // Where, and not what: the message may quote what stands there, which may be a password.
            var place = e.LineNumber is { } line ? $" in line {line + 1}" : "";
            throw new CredentialException($"{Path} cannot be read: it is not the JSON that it should be{place}");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CredentialException($"{Path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Changes what the file has at that moment, while no other shell does.</summary>
    private async Task<bool> ChangeAsync(Func<JsonObject, bool> change, CancellationToken stop)
    {
        // What a link points to is changed, not the link.
        var target = new FileInfo(Path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path;
        Directory.CreateDirectory(FolderOf(target), OwnerOnly | UnixFileMode.UserExecute);
        using var turn = await TakeTurnAsync($"{target}.lock", stop).ConfigureAwait(false);
        var content = Read();
        if (!change(content))
        {
            return false;
        }

        Write(target, Encoding.UTF8.GetBytes(content.ToJsonString(_indented)));
        return true;
    }

    private static async Task<LockFile> TakeTurnAsync(string path, CancellationToken stop)
    {
        for (var waited = TimeSpan.Zero; ;)
        {
            var file = LockFile.Open(path);
            if (file.TryLock(isShared: false))
            {
                return file;
            }

            file.Dispose();
            var step = TimeSpan.FromMilliseconds(20);
            waited += step;
            if (waited > _longestWait)
            {
                throw new CredentialException($"{path} has been locked by another process for {_longestWait.TotalSeconds} seconds");
            }

            await Task.Delay(step, stop).ConfigureAwait(false);
        }
    }

    private static void Write(string target, byte[] bytes)
    {
        var temporary = $"{target}.new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, target, overwrite: true);
        using var folder = DirectoryDescriptor.OpenFollowing(FolderOf(target));
        folder.Synchronize();
    }
}
