using Likeness.Cli;

MallocArenas.Limit();
return await CommandLine.Run(args, Terminal.OfProcess(), Signals.Stop());
