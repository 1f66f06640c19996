namespace Likeness.Imaging.Workers;

/// <summary>The inside of a worker process: answers requests from its standard input until that ends.</summary>
public static class RenderWorker
{
    /// <returns>The process's exit code.</returns>
    public static Task<int> Run(Stream input, Stream output)
    {
        _ = (input, output);
        throw new NotSupportedException("comes with the next commit");
    }
}
