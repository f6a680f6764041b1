//! Kills the program at a given operation, counted by the kernel, so that the moment hardly depends on how busy the machine
//! is. Knows Linux with glibc.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use libc::{PTRACE_SYSCALL_INFO_ENTRY, c_long};
use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was killed when it was about to make the operation.
    Killed,
    /// It ended by itself before it got so far, with this exit status.
    Ended(i32),
}

/// What others can see of a run: how its files change, and what it sends and receives.
const OPERATIONS: &[c_long] = &[
    libc::SYS_write,
    libc::SYS_pwrite64,
    libc::SYS_writev,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fchmod,
    libc::SYS_fchown,
    libc::SYS_linkat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_sendto,
    libc::SYS_recvfrom,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_link,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_unlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rename,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
];

/// Runs the command again and again, each time killed some operations later, until it ends well by itself; returns how
/// often it was killed.
pub(crate) fn killed_until_done(command: &Command, step: usize) -> usize {
    let ends = (1..).step_by(step).map(|at| kill_at(command, at));
    let killed = ends.take_while(|end| match end {
        End::Killed => true,
        End::Ended(status) => {
            assert_eq!(*status, 0);
            false
        }
    });
    killed.count()
}

/// Runs the command and kills it before its `at`-th operation, counted from 1. Its output is lost.
pub(crate) fn kill_at(command: &Command, at: usize) -> End {
    // The shell waits until it is traced, and becomes the program then.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "read go && exec \"$0\" \"$@\""]).arg(command.get_program()).args(command.get_args());
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    // A group of its own, so that nobody else's children are waited for.
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = shell.spawn().unwrap();
    let leader = Pid::from_raw(child.id().cast_signed());
    let options = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL;
    ptrace::seize(leader, options).expect("a process may trace its children");
    ptrace::interrupt(leader).unwrap();
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    follow(&mut child, leader, at)
}

fn follow(child: &mut Child, leader: Pid, at: usize) -> End {
    let (mut is_program, mut count, mut killed) = (false, 0, false);
    loop {
        let group = Pid::from_raw(-leader.as_raw());
        let (thread, signal) = match waitpid(group, Some(WaitPidFlag::__WALL)).unwrap() {
            WaitStatus::Exited(who, status) if who == leader => return End::Ended(status),
            WaitStatus::Signaled(who, signal, _) if who == leader => {
                assert!(killed && signal == Signal::SIGKILL, "ended by {signal}");
                return End::Killed;
            }
            WaitStatus::PtraceSyscall(thread) => {
                if is_program && is_operation(thread) {
                    count += 1;
                    if count == at {
                        child.kill().unwrap();
                        killed = true;
                    }
                }
                (thread, None)
            }
            // If it is traced only after the shell has begun, that counts as well: the shell makes no such operation.
            WaitStatus::PtraceEvent(thread, _, event) => {
                is_program |= event == libc::PTRACE_EVENT_EXEC;
                (thread, None)
            }
            WaitStatus::Stopped(thread, signal) => (thread, Some(signal)),
            _ => continue,
        };
        match ptrace::syscall(thread, signal) {
            // It was killed in the meantime.
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Whether the thread is about to make one.
fn is_operation(thread: Pid) -> bool {
    let read = ptrace::syscall_info(thread).and_then(|info| Ok((info, ptrace::getregs(thread)?)));
    let (info, registers) = match read {
        Ok(read) => read,
        // It was killed in the meantime.
        Err(Errno::ESRCH) => return false,
        Err(error) => panic!("{error}"),
    };
    #[cfg(target_arch = "x86_64")]
    let number = registers.orig_rax.cast_signed();
    #[cfg(target_arch = "aarch64")]
    let number = registers.regs[8].cast_signed();
    info.op == PTRACE_SYSCALL_INFO_ENTRY && OPERATIONS.contains(&number)
}
