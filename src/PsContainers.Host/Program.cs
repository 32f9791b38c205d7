using PsContainers.Host.CommandLine;
using PsContainers.Host.Hosting;

return HostOptions.TryParse(args, Console.IsInputRedirected, out var options, out var problem)
    ? Shell.Run(options)
    : HostUsage.Refuse(problem);
