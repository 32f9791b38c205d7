namespace PsContainers.Images;

/// <summary>An image or archive that is not as it should be. The message names the archive or entry and the cause, in one line.</summary>
public sealed class ImageFormatException(string message) : Exception(ForeignText.Readable(message));
