// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer;
using TokenLedger.Explorer.Configuration;

try
{
    if (args is ["--config", string path])
    {
        return await ExplorerHost.RunAsync(ExplorerOptionsFile.Load(path)).ConfigureAwait(false);
    }

    if (args is [string command, "--config", string named] && IndexCommands.Names.Contains(command))
    {
        return await IndexCommands.RunAsync(command, ExplorerOptionsFile.Load(named)).ConfigureAwait(false);
    }

    await Console.Error.WriteLineAsync(
        "usage: tokenledger-explorer [rebuild | rollback | prune] --config FILE").ConfigureAwait(false);
    return ExplorerFailure.Usage;
}
#pragma warning disable CA1031 // The last frame: every failure becomes one message and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    var failure = ExplorerFailure.Of(e);
    await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
    return failure.ExitCode;
}
