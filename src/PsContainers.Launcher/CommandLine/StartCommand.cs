namespace PsContainers.Launcher.CommandLine;

/// <summary>`start` as the bare half understands it; reached when it was written in another way.</summary>
internal static class StartCommand
{
    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax());
        words.RefuseMoreThan(1);
        var container = new RuntimeStore(global.Root).Open(words.Id("start"));
        return BareProcess.Become([.. global.Repeat(), "start", container.Container.Id]);
    }
}
