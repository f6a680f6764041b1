//! `demo`: tells its story to the end.

use crate::support::world::World;

#[test]
fn the_demo_tells_its_story_to_the_end() {
    let run = World::of_departments("", &[]).run(&["demo"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let (_, end) = run.stdout.rsplit_once("notify --kind report").unwrap();
    assert!(end.contains("Who met in the round of Wednesday 2 December"), "{end}");
    assert!(!run.stdout.contains("Nothing is due"), "every step of the story has something to show");
}
