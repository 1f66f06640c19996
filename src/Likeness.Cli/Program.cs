using Likeness.Cli;

return await CommandLine.Run(args, Terminal.OfProcess(), Signals.Stop());
