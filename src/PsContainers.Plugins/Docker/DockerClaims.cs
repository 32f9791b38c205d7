using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PsContainers.Linux;

namespace PsContainers.Plugins.Docker;

/// <summary>Which of a plugin's names are which volumes of this engine.</summary>
/// <remarks>
/// A Docker plugin knows volumes by their names, the engine by ids: one that got another name keeps the old one at the plugin. A claim is
/// written before the plugin is asked to create, so that after whatever happens it is known who may remove what.
/// </remarks>
internal sealed class DockerClaims(string directory)
{
    public DockerClaim? Find(string name)
    {
        var path = PathOf(name);
        try
        {
            return WholeFile.TryRead(path) is { } content ? JsonSerializer.Deserialize(content, DockerJson.Default.DockerClaim) : null;
        }
        catch (JsonException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
    }

    public void Write(DockerClaim claim)
    {
        Directory.CreateDirectory(directory, StateFile.OwnerOnly);
        StateFile.Replace(PathOf(claim.Name), JsonSerializer.SerializeToUtf8Bytes(claim, DockerJson.Default.DockerClaim));
    }

    public void Release(string name) => File.Delete(PathOf(name));

    // A name at a plugin may be no name of a file.
    private string PathOf(string name) =>
        Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
}
