// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Node;
using TokenLedger.Node.Administration;
using TokenLedger.Node.Configuration;

try
{
    switch (args)
    {
        case ["--config", string path]:
            return await NodeHost.RunAsync(NodeOptionsFile.Load(path)).ConfigureAwait(false);
        case ["--config", string path, "--from-snapshot", string snapshot]:
            return await NodeHost.RunAsync(NodeOptionsFile.Load(path), snapshot).ConfigureAwait(false);
        case [string command, ..] when MaintenanceProgram.Commands.Contains(command):
            return await MaintenanceProgram.RunAsync(args).ConfigureAwait(false);
        default:
            await Console.Error.WriteLineAsync("usage: tokenledger-node --config FILE [--from-snapshot FILE]")
                .ConfigureAwait(false);
            return NodeFailure.Usage;
    }
}
#pragma warning disable CA1031 // The last frame: every failure becomes one message and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    NodeFailure failure = NodeFailure.Of(e);
    await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
    return failure.ExitCode;
}
