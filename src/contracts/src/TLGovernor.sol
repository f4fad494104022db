// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {TLBridge} from "./TLBridge.sol";
import {Proof} from "./TLProof.sol";

/// @title The only proposer of the timelock that administers all.
/// @author TokenLedger
/// @notice The hot quorum proposes; two days later anybody executes, unless the cold quorum cancelled. It
/// calls nothing but its own timelock, and owns nothing but the right to propose there.
contract TLGovernor {
    /// @notice How long everybody sees what will be done before it can be.
    uint256 public constant MIN_DELAY = 48 hours;

    /// @notice Whose domain and validators actions are signed for.
    TLBridge public immutable bridge;

    /// @notice The administrator of the access manager. Made here: this is its proposer, everybody executes,
    /// and it is its own and only administrator.
    TimelockController public immutable timelock;

    /// @notice Actions done so far; the next has one more.
    uint64 public actionNonce;

    /// @notice An action will be executable.
    /// @param actionNonce Its number, which is also the timelock's salt.
    /// @param id The timelock's id of it.
    /// @param target What will be called.
    /// @param data With what.
    /// @param readyAt Seconds since 1970 from when on.
    event Proposed(
        uint64 indexed actionNonce, bytes32 indexed id, address indexed target, bytes data, uint256 readyAt
    );

    /// @notice An action will not be done.
    /// @param id The timelock's id of what was cancelled.
    event Cancelled(bytes32 indexed id);

    /// @notice Actions come in order.
    /// @param told What was given.
    /// @param needed What is next.
    error WrongActionNonce(uint64 told, uint64 needed);

    /// @notice Makes the timelock.
    /// @param bridge_ The bridge; its validator set is asked.
    /// @param delay Seconds, two days at least.
    constructor(TLBridge bridge_, uint256 delay) {
        bridge = bridge_;
        address[] memory proposers = new address[](1);
        proposers[0] = address(this);
        timelock = new TimelockController(
            delay < MIN_DELAY ? MIN_DELAY : delay, proposers, new address[](1), address(0)
        );
    }

    /// @notice Schedules what a hot quorum signed as an AdminAction. Anybody may bring it.
    /// @param target What to call.
    /// @param data With what; no ether goes with it.
    /// @param nonce One more than `actionNonce`.
    /// @param eta Seconds since 1970 before which it must not happen; the timelock's delay counts from now
    /// anyway.
    /// @param proof The hot quorum's signatures.
    /// @return id The timelock's id.
    function propose(address target, bytes calldata data, uint64 nonce, uint64 eta, Proof calldata proof)
        external
        returns (bytes32 id)
    {
        uint64 needed = actionNonce + 1;
        if (nonce != needed) revert WrongActionNonce(nonce, needed);
        actionNonce = nonce;
        bytes32 digest = bridge.adminDigest(nonce, hashPropose(target, data), eta);
        bridge.validatorSet().verify(digest, proof);
        // A timelock that gave itself a shorter delay gets no shorter one from here.
        uint256 delay = timelock.getMinDelay();
        if (delay < MIN_DELAY) delay = MIN_DELAY;
        // forge-lint: disable-next-line(block-timestamp)
        if (eta > block.timestamp + delay) delay = eta - block.timestamp;
        bytes32 salt = bytes32(uint256(nonce));
        id = timelock.hashOperation(target, 0, data, bytes32(0), salt);
        timelock.schedule(target, 0, data, bytes32(0), salt, delay);
        emit Proposed(nonce, id, target, data, block.timestamp + delay);
    }

    /// @notice Cancels what was scheduled: what the hot quorum began, the cold quorum can stop.
    /// @dev No number counts it: a hot quorum that proposes again and again does not outrun it, and an id is
    /// cancelled once.
    /// @param id The timelock's id.
    /// @param proof The cold quorum's signatures, of a nonce and an eta of 0.
    function cancel(bytes32 id, Proof calldata proof) external {
        bridge.validatorSet().verifyCold(bridge.coldDigest(0, hashCancel(id), 0), proof);
        timelock.cancel(id);
        emit Cancelled(id);
    }

    /// @notice The actionHash of proposing.
    /// @param target What to call.
    /// @param data With what.
    /// @return The hash.
    function hashPropose(address target, bytes calldata data) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), this.propose.selector, target, keccak256(data)));
    }

    /// @notice The actionHash of cancelling.
    /// @param id The timelock's id.
    /// @return The hash.
    function hashCancel(bytes32 id) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), this.cancel.selector, id));
    }
}
