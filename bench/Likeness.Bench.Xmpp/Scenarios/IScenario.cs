using Likeness.Bench.Xmpp.Results;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>One kind of load on one freshly started server.</summary>
interface IScenario
{
    string Name { get; }

    string Unit { get; }

    /// <summary>Memory: the smaller figure wins.</summary>
    bool LessIsBetter => false;

    /// <summary>Messages go into the archives of both who talk.</summary>
    bool Archives => false;

    /// <summary>The first run is not counted: in it the driver learns what it would otherwise compute meanwhile.</summary>
    bool Rehearsed => false;

    Task<Measurement> Run(Stage stage);
}
