using Microsoft.Extensions.Logging;

namespace Likeness.Tests;

/// <summary>A portrait book over a memory store with a fixed clock, recording its events and its log.</summary>
internal sealed class BookOfTests : TimeProvider, IPortraitListener, ILogger<PortraitBook>
{
    public static readonly Identity Juliet = new("juliet@example.org");
    public static readonly Picture Red = Picture.Of(new byte[] { 1, 2, 3 }, "image/png", 96, 96);
    public static readonly Picture Blue = Picture.Of(new byte[] { 4, 5, 6 }, "image/png", 96, 96);

    public BookOfTests(IPictureGuard guard)
    {
        Book = new PortraitBook(Store, new DomainPolicies([new DomainPolicy { Domain = "example.org" }]), this, this, guard);
        Book.Subscribe(this);
    }

    public BookOfTests(Visibility defaultVisibility = Visibility.Public, params IPortraitListener[] first)
    {
        var policies = new DomainPolicies([new DomainPolicy { Domain = "example.org", DefaultVisibility = defaultVisibility }]);
        Book = new PortraitBook(Store, policies, this, this);
        foreach (var listener in first.Append(this))
        {
            Book.Subscribe(listener);
        }
    }

    public PortraitBook Book { get; }

    public MemoryPortraitStore Store { get; } = new();

    public List<PortraitChanged> Events { get; } = [];

    public List<(LogLevel Level, string Message, Exception? Exception)> Logged { get; } = [];

    public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public void OnPortraitChanged(PortraitChanged change) => Events.Add(change);

    public ValueTask<Portrait> Set(Picture picture, Origin origin = Origin.Command) =>
        Book.Set(Juliet, new NewPortrait { Picture = picture }, new(origin));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Add((logLevel, formatter(state, exception), exception));
}
