// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace TokenLedger.Rpc;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed; the client got UNKNOWN.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string method);
}
