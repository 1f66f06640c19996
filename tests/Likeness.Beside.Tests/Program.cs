return args switch
{
    ["render-worker"] => await Likeness.Imaging.Workers.RenderWorker.Run(),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
