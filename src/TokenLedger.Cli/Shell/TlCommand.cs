// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace TokenLedger.Cli.Shell;

/// <summary>A command that has examples, and does its work with a session.</summary>
internal sealed class TlCommand : Command
{
    public TlCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines that show how it is used.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What it does; null when it only groups others.</summary>
    public Func<Session, CancellationToken, Task<ExitCode>>? Handler { get; private set; }

    /// <summary>Gives it its work, which ends with <see cref="ExitCode.Ok"/> unless it throws.</summary>
    public TlCommand Does(Func<Session, CancellationToken, Task> work) =>
        DoesWithExit(async (session, token) =>
    {
        await work(session, token);
        return ExitCode.Ok;
    });

    /// <summary>Gives it its work, which chooses the exit code.</summary>
    public TlCommand DoesWithExit(Func<Session, CancellationToken, Task<ExitCode>> work)
    {
        Handler = work;
        return this;
    }
}
