namespace Likeness.Xmpp.Server.Routing;

/// <summary>One at a time, in the order of asking; may be held across awaits. Kept as an account's state, one kind for each thing that is changed.</summary>
public class Turns
{
    private readonly SemaphoreSlim _gate = new(1);

    public async ValueTask<Turn> Take()
    {
        await _gate.WaitAsync();
        return new Turn(_gate);
    }

    /// <summary>Ends when disposed; dispose it once.</summary>
    public readonly struct Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
