using System.Management.Automation;
using System.Text;
using PsContainers.Host.Hosting;

namespace PsContainers.Host.Prompt;

/// <summary>An answer typed on the terminal. Ctrl+C takes the question back, and the command that asks with it.</summary>
internal sealed class TypedAnswer(TextWriter terminal, Interruption interruption)
{
    /// <param name="isShown">False for secrets.</param>
    public string Read(bool isShown)
    {
        // As a signal, Ctrl+C would stop the command, but not the wait for a key.
        Console.TreatControlCAsInput = true;
        interruption.IsAsking = true;
        try
        {
            return Read(new LineBuffer(), isShown ? terminal : TextWriter.Null);
        }
        finally
        {
            interruption.IsAsking = false;
            Console.TreatControlCAsInput = false;
        }
    }

    private string Read(LineBuffer line, TextWriter echo)
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Modifiers == ConsoleModifiers.Control ? key.Key : ConsoleKey.None)
            {
                case ConsoleKey.C:
                    terminal.WriteLine("^C");
                    interruption.Raise(Interruption.Interrupt, ends: false);
                    throw new PipelineStoppedException();
                case ConsoleKey.D when line.Text.Length == 0:
                    terminal.WriteLine();
                    throw new PSInvalidOperationException("the terminal's input has ended");
                case ConsoleKey.U:
                    Erase(line, echo, line.DeleteToStart);
                    break;
                default:
                    if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
                    {
                        terminal.WriteLine();
                        return line.Text;
                    }

                    Apply(key, line, echo);
                    break;
            }
        }
    }

    private static void Apply(ConsoleKeyInfo key, LineBuffer line, TextWriter echo)
    {
        if (key.Key == ConsoleKey.Backspace)
        {
            Erase(line, echo, line.DeleteLeft);
        }
        else if (!char.IsControl(key.KeyChar))
        {
            line.Insert(key.KeyChar.ToString());
            echo.Write(key.KeyChar);
        }
    }

    private static void Erase(LineBuffer line, TextWriter echo, Action delete)
    {
        var before = CellWidth.Of(line.Text);
        delete();
        echo.Write(new StringBuilder().Insert(0, "\b \b", before - CellWidth.Of(line.Text)));
    }
}
