// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Cli.Shell;

/// <summary>A command that cannot do what was asked. Scope: the command. Caught in one place and
/// printed.</summary>
/// <param name="code">Stable code for programs.</param>
/// <param name="exit">The process's exit code.</param>
/// <param name="what">What happened, one sentence.</param>
/// <param name="why">Why, when it is known.</param>
/// <param name="next">What to run next.</param>
internal sealed class CliException(string code, ExitCode exit, string what, string why = "", string next = "")
    : Exception(what)
{
    public string Code { get; } = code;

    public ExitCode Exit { get; } = exit;

    public string Why { get; } = why;

    public string Next { get; } = next.Length > 0 ? next : After(exit);

    /// <summary>What was typed makes no sense.</summary>
    public static CliException Usage(string what, string why = "", string next = "") =>
        new("USAGE", ExitCode.Usage, what, why, next);

    /// <summary>What helps after most failures of a kind, so that no message ends without a way on.</summary>
    private static string After(ExitCode exit) => exit switch
    {
        ExitCode.Usage => "Look at what the command takes: add --help",
        ExitCode.NotFound => "Check the name; labels stand in: tl context show",
        ExitCode.Auth => "tl key list",
        ExitCode.RefusedByPolicy => "tl policy list",
        ExitCode.Conflict => "Look at how it is now; then decide again",
        ExitCode.OutcomeUnknown => "tl tx status ID",
        ExitCode.NotConfirmed => "Run it again, and type what is asked or pass --confirm-digest HASH",
        ExitCode.VerificationFailed => "tl context show",
        _ => "Try again; add --help for what the command takes",
    };
}
