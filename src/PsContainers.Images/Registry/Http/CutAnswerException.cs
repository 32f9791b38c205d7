namespace PsContainers.Images.Registry.Http;

/// <summary>An answer that began and did not come to its end. The request itself was answered, so nobody has tried again yet.</summary>
internal sealed class CutAnswerException(IOException inner) : IOException(inner.Message, inner);
