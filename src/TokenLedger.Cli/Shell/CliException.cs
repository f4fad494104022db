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

    public string Next { get; } = next;

    /// <summary>What was typed makes no sense.</summary>
    public static CliException Usage(string what, string why = "", string next = "") =>
        new("USAGE", ExitCode.Usage, what, why, next);
}
