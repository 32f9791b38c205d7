namespace PsContainers;

/// <summary>Which of its two outputs a container wrote to.</summary>
public enum OutputStream
{
    StandardOutput = 1,
    StandardError = 2,
}
